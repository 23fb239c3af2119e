package dev.corvid.seeder.archive;

import dev.corvid.wire.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Names and link texts of entries, which should be UTF-8. */
public final class EntryText {
  /**
   * Stands for bytes that are not UTF-8: half a surrogate pair, which no UTF-8 decodes to, where
   * U+FFFD may be in an honest name.
   */
  public static final char MALFORMED = '\uDC80';

  private EntryText() {}

  static String of(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith(String.valueOf(MALFORMED))
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("replaced", e);
    }
  }

  /** For messages, see {@link Printable#name}. */
  public static String shown(String text) {
    return Printable.name(text.replace(MALFORMED, '\uFFFD'));
  }
}
