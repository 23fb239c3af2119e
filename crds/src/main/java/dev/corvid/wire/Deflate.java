package dev.corvid.wire;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The content coding {@value #NAME} of HTTP (RFC 9110, 8.4.1.2; RFC 1950). Not gzip: that may be a
 * row of any number of members, each of them empty. Thread-safe.
 */
public final class Deflate {
  /** In {@code Content-Encoding} and {@code Accept-Encoding}. */
  public static final String NAME = "deflate";

  /** From this size on a message is compressed: below, it costs more than the network does. */
  public static final int WORTHWHILE = 16 << 10;

  private static final int BUFFER = 8 << 10;

  private static final Pattern NO_QUALITY = Pattern.compile("\\s*q\\s*=\\s*0(\\.0*)?\\s*");

  private Deflate() {}

  /**
   * Whether an {@code Accept-Encoding} names it (RFC 9110, 12.5.3), with a quality above 0.
   *
   * @param acceptEncoding null for no such header
   */
  public static boolean isAccepted(@Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return false;
    }
    for (String each : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
      String[] coding = each.split(";", 2);
      if (coding[0].strip().equals(NAME)) {
        return coding.length == 1 || !NO_QUALITY.matcher(coding[1]).matches();
      }
    }
    return false;
  }

  /** The compressed form, made fast rather than small: grants shrink to a seventh all the same. */
  public static byte[] compress(byte[] plain) {
    var deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(plain);
      deflater.finish();
      var out = new ByteArrayOutputStream(plain.length / 4 + BUFFER);
      byte[] buffer = new byte[BUFFER];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * What was compressed, but no more of it than asked for: like {@link
   * java.io.InputStream#readNBytes(int)}, so one byte more than is allowed tells that it is too
   * much, and the rest never exists.
   *
   * @throws WireException when it is no such form, or ends early
   */
  public static byte[] expand(byte[] compressed, int atMost) throws WireException {
    var inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      var out = new ByteArrayOutputStream((int) Math.min(atMost, 4L * compressed.length + BUFFER));
      byte[] buffer = new byte[BUFFER];
      while (!inflater.finished() && out.size() < atMost) {
        int read = inflater.inflate(buffer, 0, Math.min(BUFFER, atMost - out.size()));
        if (read == 0 && !inflater.finished()) {
          throw new WireException("what is compressed ends early");
        }
        out.write(buffer, 0, read);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new WireException("this is not compressed with " + NAME, e);
    } finally {
      inflater.end();
    }
  }
}
