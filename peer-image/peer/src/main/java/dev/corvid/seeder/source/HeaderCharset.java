package dev.corvid.seeder.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What the value of a header is written in: UTF-8 if it can be, or else Latin-1. */
public final class HeaderCharset {
  private HeaderCharset() {}

  /**
   * @param value whose characters are the bytes that came
   */
  public static Charset of(String value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(value)));
      return StandardCharsets.UTF_8;
    } catch (CharacterCodingException e) {
      return StandardCharsets.ISO_8859_1;
    }
  }

  public static String decoded(String value) {
    return new String(bytes(value), of(value));
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.ISO_8859_1);
  }
}
