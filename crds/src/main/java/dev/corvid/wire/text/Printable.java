package dev.corvid.wire.text;

/**
 * Text from elsewhere, for a person's eyes: in a status, an event or a log it can neither steer a
 * terminal, nor pose as a line of its own, nor run backwards (CWE-150; UTR 36, 3.1). What is not
 * shown as it is stands there as an escape. Applied twice it changes nothing more.
 */
public final class Printable {
  private static final int MAX_NAME = 200;
  private static final int NAME_HEAD = 120;
  private static final int NAME_TAIL = 60;

  private Printable() {}

  /**
   * @param maximum UTF-16 units; what is behind is cut off
   */
  public static String text(String text, int maximum) {
    var shown = escaped(text);
    return shown.substring(0, boundary(shown, maximum));
  }

  /** A path or name of any length; a long one is cut in the middle. */
  public static String name(String name) {
    var shown = escaped(name);
    return shown.length() <= MAX_NAME
        ? shown
        : shown.substring(0, boundary(shown, NAME_HEAD))
            + "…"
            + shown.substring(boundary(shown, shown.length() - NAME_TAIL));
  }

  private static String escaped(String text) {
    if (text.codePoints().allMatch(Printable::isShown)) {
      return text;
    }
    var shown = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(point -> append(point, shown));
    return shown.toString();
  }

  private static void append(int point, StringBuilder shown) {
    if (isShown(point)) {
      shown.appendCodePoint(point);
    } else if (Character.isWhitespace(point)) {
      shown.append(' ');
    } else {
      for (char unit : Character.toChars(point)) {
        shown.append("\\u%04x".formatted((int) unit));
      }
    }
  }

  private static boolean isShown(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL, // C0, C1, DEL
          Character.FORMAT, // bidirectional overrides and isolates, zero width, tags
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE -> // without its other half
          false;
      default -> true;
    };
  }

  /** The greatest place up to there that is not inside a character. */
  private static int boundary(String text, int place) {
    if (place >= text.length()) {
      return text.length();
    }
    boolean inside =
        Character.isLowSurrogate(text.charAt(place))
            && place > 0
            && Character.isHighSurrogate(text.charAt(place - 1));
    return inside ? place - 1 : place;
  }
}
