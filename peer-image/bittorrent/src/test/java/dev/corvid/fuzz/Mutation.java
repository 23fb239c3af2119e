package dev.corvid.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Makes hostile bytes out of valid ones. Besides plain damage it does what breaks decoders: lengths
 * that lie, parts twice, parts missing, parts of another message.
 */
public final class Mutation {
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_RANDOM = 200;
  private static final int LONGEST_PART = 48;
  private static final int LONGEST = 1 << 16;

  private static final String[] NUMBERS = {
    "0",
    "-1",
    "-0",
    "00",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "-2147483649",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "99999999999999999999999",
    "1e9",
    "1e400",
    "."
  };
  private static final int[] INTEGERS = {
    0, 1, -1, 16384, 16385, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fffffef, 0x00ffffff, 1 << 20
  };
  private static final byte[] MARKS =
      "dlie:-0123456789{}[]\",.\\u&=%/\0\n".getBytes(StandardCharsets.ISO_8859_1);

  private final byte[][] samples;
  private final RandomGenerator random;

  public Mutation(byte[][] samples, RandomGenerator random) {
    this.samples = samples;
    this.random = random;
  }

  public byte[] next() {
    if (random.nextInt(8) == 0) {
      var noise = new byte[random.nextInt(LONGEST_RANDOM)];
      random.nextBytes(noise);
      return noise;
    }
    var bytes = sample().clone();
    for (var changes = random.nextInt(MOST_CHANGES) + 1;
        changes > 0 && bytes.length > 0;
        changes--) {
      bytes = changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    var at = random.nextInt(bytes.length);
    return switch (random.nextInt(10)) {
      case 0 -> with(bytes, at, (byte) random.nextInt());
      case 1 -> with(bytes, at, (byte) (bytes[at] ^ 1 << random.nextInt(8)));
      case 2 -> with(bytes, at, MARKS[random.nextInt(MARKS.length)]);
      case 3 -> integer(bytes, at);
      case 4 -> number(bytes, at);
      case 5 -> Arrays.copyOf(bytes, at);
      case 6 -> spliced(bytes, at, at + length(bytes, at), new byte[0]);
      case 7 -> spliced(bytes, at, at, part(bytes));
      case 8 -> spliced(bytes, at, at + length(bytes, at), part(sample()));
      default -> spliced(bytes, at, bytes.length, rest(sample()));
    };
  }

  private byte[] sample() {
    return samples[random.nextInt(samples.length)];
  }

  private static byte[] with(byte[] bytes, int at, byte value) {
    bytes[at] = value;
    return bytes;
  }

  /** As length prefixes and indexes are: four bytes, the highest first. */
  private byte[] integer(byte[] bytes, int at) {
    if (at + 4 <= bytes.length) {
      ByteBuffer.wrap(bytes).putInt(at, INTEGERS[random.nextInt(INTEGERS.length)]);
    }
    return bytes;
  }

  /** The next digits become another number. */
  private byte[] number(byte[] bytes, int at) {
    var from = at;
    while (from < bytes.length && !isDigit(bytes[from])) {
      from++;
    }
    var to = from;
    while (to < bytes.length && isDigit(bytes[to])) {
      to++;
    }
    var number = NUMBERS[random.nextInt(NUMBERS.length)].getBytes(StandardCharsets.US_ASCII);
    return spliced(bytes, from, to, number);
  }

  private byte[] part(byte[] of) {
    if (of.length == 0) {
      return of;
    }
    var from = random.nextInt(of.length);
    return Arrays.copyOfRange(of, from, from + length(of, from));
  }

  private byte[] rest(byte[] of) {
    return of.length == 0 ? of : Arrays.copyOfRange(of, random.nextInt(of.length), of.length);
  }

  private int length(byte[] of, int from) {
    return Math.min(random.nextInt(LONGEST_PART), of.length - from);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    var length = from + between.length + bytes.length - to;
    if (length > LONGEST) {
      return bytes;
    }
    var result = Arrays.copyOf(bytes, length);
    System.arraycopy(between, 0, result, from, between.length);
    System.arraycopy(bytes, to, result, from + between.length, bytes.length - to);
    return result;
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
