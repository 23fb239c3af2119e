package dev.corvid.seeder.unpack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * What one name between slashes has to be: {@code *} stands for any characters, {@code ?} for one,
 * {@code [a-c]} for one of these, {@code [!a-c]} for one that is none of them. Matching takes at
 * most the product of both lengths, whatever the pattern.
 */
final class NamePattern {
  /** Stands for any number of characters; compared by identity. */
  private static final IntPredicate STAR = point -> true;

  private final List<IntPredicate> parts;

  private NamePattern(List<IntPredicate> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * @throws IllegalArgumentException with why it matches no name, as the rest of a sentence
   */
  static NamePattern of(String text) {
    var parts = new ArrayList<IntPredicate>();
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      switch (point) {
        case '*' -> parts.add(STAR);
        case '?' -> parts.add(any -> true);
        case '[' -> {
          int end = text.indexOf(']', i + 1);
          if (end < 0) {
            throw new IllegalArgumentException(
                "has a [ that is not closed; write [[] for the character itself");
          }
          parts.add(oneOf(text.substring(i, end)));
          i = end + 1;
        }
        default -> parts.add(each -> each == point);
      }
    }
    return new NamePattern(parts);
  }

  private static IntPredicate oneOf(String text) {
    boolean negated = text.length() > 1 && (text.startsWith("!") || text.startsWith("^"));
    int[] points = text.substring(negated ? 1 : 0).codePoints().toArray();
    IntPredicate found = point -> false;
    for (int i = 0; i < points.length; i++) {
      int first = points[i];
      boolean range = i + 2 < points.length && points[i + 1] == '-';
      int last = range ? points[i + 2] : first;
      if (last < first) {
        throw new IllegalArgumentException("has a range in [] that ends before it begins");
      }
      found = found.or(point -> first <= point && point <= last);
      i += range ? 2 : 0;
    }
    return negated ? found.negate() : found;
  }

  boolean matches(String name) {
    int[] points = name.codePoints().toArray();
    int at = 0;
    int part = 0;
    // Where to take up the last star again, if what follows it does not match here.
    int star = -1;
    int starAt = 0;
    while (at < points.length) {
      if (part < parts.size() && parts.get(part) == STAR) {
        star = part++;
        starAt = at;
      } else if (part < parts.size() && parts.get(part).test(points[at])) {
        part++;
        at++;
      } else if (star >= 0) {
        part = star + 1;
        at = ++starAt;
      } else {
        return false;
      }
    }
    while (part < parts.size() && parts.get(part) == STAR) {
      part++;
    }
    return part == parts.size();
  }
}
