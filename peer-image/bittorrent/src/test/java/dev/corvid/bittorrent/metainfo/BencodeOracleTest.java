package dev.corvid.bittorrent.metainfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bt.bencoding.model.BEObject;
import bt.bencoding.serializers.BEParser;
import bt.bencoding.types.BEInteger;
import bt.bencoding.types.BEList;
import bt.bencoding.types.BEMap;
import bt.bencoding.types.BEString;
import dev.corvid.fuzz.RandomCases;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** bt-core reads the bencode that we write, and we read, and write to the byte, what it writes. */
class BencodeOracleTest {
  private static final int CASES = 3_000;
  private static final int MOST_BYTES = 300;
  private static final int MOST_ENTRIES = 5;
  private static final int DEPTH = 5;

  @Test
  void itReadsWhatWeWrite() {
    RandomCases.run(
        CASES,
        random -> {
          var value = map(random, DEPTH);
          var out = new BencodeWriter();
          write(value, out);
          try (var parser = new BEParser(out.toBytes())) {
            assertThat(parser.readMap()).isEqualTo(value);
          }
        });
  }

  @Test
  void weReadWhatItWrites() {
    RandomCases.run(
        CASES,
        random -> {
          var value = map(random, DEPTH);
          var in = new BencodeReader(bytes(value));
          assertThat(read(in)).isEqualTo(value);
          in.end();
        });
  }

  @Test
  void bothWriteTheSameBytes() {
    RandomCases.run(
        CASES,
        random -> {
          var value = map(random, DEPTH);
          var out = new BencodeWriter();
          write(value, out);
          assertThat(out.toBytes()).isEqualTo(bytes(value));
        });
  }

  private static BEObject<?> value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 4 : 2)) {
      case 0 -> new BEInteger(random.nextLong() >> random.nextInt(64));
      case 1 -> new BEString(string(random));
      case 2 -> list(random, depth - 1);
      default -> map(random, depth - 1);
    };
  }

  private static BEList list(RandomGenerator random, int depth) {
    var values = new ArrayList<BEObject<?>>();
    for (var left = random.nextInt(MOST_ENTRIES); left > 0; left--) {
      values.add(value(random, depth));
    }
    return new BEList(values);
  }

  private static BEMap map(RandomGenerator random, int depth) {
    var entries = new HashMap<String, BEObject<?>>();
    for (var left = random.nextInt(MOST_ENTRIES); left > 0; left--) {
      entries.put(key(random), value(random, depth));
    }
    return new BEMap(entries);
  }

  /** Letters of one, two and three bytes: both sort by bytes, which is not the order of chars. */
  private static String key(RandomGenerator random) {
    var alphabet = "abz AZ09-ßüé€語";
    var key = new StringBuilder();
    for (var left = 1 + random.nextInt(4); left > 0; left--) {
      key.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return key.toString();
  }

  private static byte[] string(RandomGenerator random) {
    var bytes = new byte[random.nextInt(MOST_BYTES)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(BEMap value) throws IOException {
    var out = new ByteArrayOutputStream();
    value.writeTo(out);
    return out.toByteArray();
  }

  private static void write(BEObject<?> value, BencodeWriter out) {
    switch (value) {
      case BEInteger integer -> out.integer(integer.longValueExact());
      case BEString string -> out.bytes(string.getValue());
      case BEList list -> {
        out.list();
        list.getValue().forEach(element -> write(element, out));
        out.end();
      }
      case BEMap map -> {
        out.dictionary();
        var sorted = new TreeMap<String, BEObject<?>>();
        map.getValue().forEach((key, entry) -> sorted.put(ourKey(key), entry));
        sorted.forEach((key, entry) -> write(entry, out.key(key)));
        out.end();
      }
      default -> throw new AssertionError(value);
    }
  }

  private static BEObject<?> read(BencodeReader in) throws IOException {
    return switch (in.peek()) {
      case INTEGER -> new BEInteger(in.integer());
      case STRING -> new BEString(in.bytes(MOST_BYTES));
      case LIST -> {
        var values = new ArrayList<BEObject<?>>();
        in.list(() -> values.add(read(in)));
        yield new BEList(values);
      }
      case DICTIONARY -> {
        var entries = new HashMap<String, BEObject<?>>();
        in.dictionary(key -> entries.put(theirKey(key), read(in)));
        yield new BEMap(entries);
      }
    };
  }

  /** Our keys' chars are bytes. */
  private static String ourKey(String key) {
    return new String(key.getBytes(UTF_8), ISO_8859_1);
  }

  private static String theirKey(String key) {
    return new String(key.getBytes(ISO_8859_1), UTF_8);
  }
}
