package dev.corvid.tracker.fleet;

import dev.corvid.wire.grant.SignedGrant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many bytes the parts of a {@code NodeAssignments} take as JSON at most. */
final class AssignmentsSize {
  /** The names, quotes and brackets of an entry, whose texts bring their own quotes. */
  private static final int ENTRY = 96;

  private AssignmentsSize() {}

  static int of(SignedGrant grant, List<String> neighbours, @Nullable String seeder) {
    int size = ENTRY + of(grant.payload()) + of(grant.keyId()) + of(grant.signature());
    for (String neighbour : neighbours) {
      size += of(neighbour) + 1;
    }
    return size + (seeder == null ? 0 : of(seeder));
  }

  /** A text with its quotes. */
  static int of(String text) {
    int size = 2;
    for (int i = 0; i < text.length(); i++) {
      size += of(text.charAt(i));
    }
    return size;
  }

  /** RFC 8259, 7: control characters are escaped by number, these two by a backslash. */
  private static int of(char each) {
    if (each < ' ') {
      return 6;
    }
    if (each == '"' || each == '\\') {
      return 2;
    }
    return each < 0x80 ? 1 : 3;
  }
}
