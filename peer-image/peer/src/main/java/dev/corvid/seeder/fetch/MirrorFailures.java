package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.RetryAfterException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.error.UndeclaredArchiveException;
import dev.corvid.seeder.source.SourceUrl;
import dev.corvid.wire.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What each URL gave instead of the content, made into one failure. */
final class MirrorFailures {
  private final List<SourceException> all = new ArrayList<>();
  private final Set<String> messages = new LinkedHashSet<>();

  void add(SourceUrl url, SourceException e) {
    all.add(e);
    var text = String.valueOf(e.getMessage());
    messages.add(text.contains(url.toString()) ? text : url + ": " + text);
  }

  /** Whether the bytes came, and were not those that were wanted. */
  static boolean isWrongContent(Reason reason) {
    return switch (reason) {
      case InvalidContent, DigestMismatch, SourceChanged -> true;
      default -> false;
    };
  }

  /** What was fetched in the end, with what other URLs called it: they may have been right. */
  FetchedTree noted(FetchedTree fetched) {
    var names =
        all.stream()
            .filter(UndeclaredArchiveException.class::isInstance)
            .map(Throwable::getMessage)
            .distinct()
            .collect(Collectors.joining("; "));
    return names.isEmpty()
        ? fetched
        : new FetchedTree(fetched.tree(), fetched.sourceDigest(), names);
  }

  /**
   * The reason is that of wrong bytes if there were some: they cost the source most. What passes by
   * itself comes before what has to be written, because then nothing may have to be.
   */
  SourceException toException() {
    var message = String.join("; ", messages);
    if (all.size() == 1 && message.equals(all.getFirst().getMessage())) {
      return all.getFirst();
    }
    if (all.stream().allMatch(RetryAfterException.class::isInstance)) {
      return new RetryAfterException(message, soonest());
    }
    var main =
        first(e -> isWrongContent(e.reason()))
            .or(() -> first(e -> !(e instanceof UndeclaredArchiveException)))
            .orElseGet(all::getFirst);
    return new SourceException(main.reason(), message, main);
  }

  private Optional<SourceException> first(Predicate<SourceException> kind) {
    return all.stream().filter(kind).findFirst();
  }

  private Duration soonest() {
    return all.stream()
        .map(e -> ((RetryAfterException) e).retryAfter())
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
