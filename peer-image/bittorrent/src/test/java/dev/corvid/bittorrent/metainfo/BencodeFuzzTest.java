package dev.corvid.bittorrent.metainfo;

import dev.corvid.fuzz.HostileBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bencode that is none, read in every way that there is. */
@Tag("slow")
class BencodeFuzzTest {
  private static final byte[] VALUES =
      "d1:ai-5e1:b3:abc1:dd1:k1:ve4:listli1eli2eed1:xleee4:text5:words1:zi9223372036854775807ee"
          .getBytes(StandardCharsets.US_ASCII);

  @Test
  void valuesThatAreWalkedThrough() throws Exception {
    HostileBytes.like(VALUES, nested(BencodeReader.MAX_DEPTH), "3:abc".getBytes())
        .refusedBy(IOException.class)
        .into(75_000, BencodeFuzzTest::walk);
  }

  @Test
  void valuesThatAreSkipped() throws Exception {
    HostileBytes.like(VALUES, nested(BencodeReader.MAX_DEPTH))
        .refusedBy(IOException.class)
        .into(
            25_000,
            received -> {
              var in = new BencodeReader(received);
              in.rawValue();
              in.end();
            });
  }

  private static void walk(byte[] received) throws IOException {
    var in = new BencodeReader(received);
    value(in);
    in.end();
  }

  private static void value(BencodeReader in) throws IOException {
    switch (in.peek()) {
      case INTEGER -> in.integer();
      case STRING -> in.text(1000);
      case LIST -> in.list(() -> value(in));
      case DICTIONARY -> in.dictionary(_ -> value(in));
    }
  }

  private static byte[] nested(int depth) {
    return ("l".repeat(depth) + "e".repeat(depth)).getBytes(StandardCharsets.US_ASCII);
  }
}
