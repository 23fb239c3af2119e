package dev.corvid.seeder.http;

import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What identifies the very bytes of an answer, so that a range of them can be joined to others (RFC
 * 9110, 8.8 and 13.1.5).
 *
 * <pre>
 * ETag: "x"                               is one, and alone is
 * ETag: x                                 is one: some stores leave out the quotation marks
 * ETag: W/"x"                             is none, and no date stands in for it
 * two different ones                      are none
 * Last-Modified, a second before Date     is one, in the absence of any ETag
 * Last-Modified, later, or without Date   is none: the file may have changed again within it
 * </pre>
 */
final class Validators {
  private Validators() {}

  /** Null when there is none. */
  static @Nullable String of(HttpHeaders headers) {
    var tags = Set.copyOf(headers.allValues("ETag"));
    if (!tags.isEmpty()) {
      var tag = tags.iterator().next();
      return tags.size() > 1 || tag.isBlank() || tag.startsWith("W/") ? null : tag;
    }
    var dates = Set.copyOf(headers.allValues("Last-Modified"));
    var modified = dates.size() == 1 ? dates.stream().findFirst() : Optional.<String>empty();
    var date = headers.firstValue("Date").flatMap(HttpDate::parse);
    boolean strong =
        modified
            .flatMap(HttpDate::parse)
            .flatMap(then -> date.map(now -> !then.plusSeconds(1).isAfter(now)))
            .orElse(false);
    return strong ? modified.get() : null;
  }

  /** Whether an answer is of the version that a validator names. */
  static boolean matches(String validator, HttpHeaders headers) {
    var tags = Set.copyOf(headers.allValues("ETag"));
    return tags.isEmpty()
        ? Set.copyOf(headers.allValues("Last-Modified")).equals(Set.of(validator))
        : tags.equals(Set.of(validator));
  }
}
