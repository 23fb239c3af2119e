package dev.corvid.seeder;

import dev.corvid.wire.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What each URL gave instead of the content, made into one failure. */
final class Troubles {
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

  /** The reason is that of wrong bytes if there were some: they cost the source most. */
  SourceException toException() {
    var message = String.join("; ", messages);
    if (all.size() == 1 && message.equals(all.getFirst().getMessage())) {
      return all.getFirst();
    }
    if (all.stream().allMatch(BusyException.class::isInstance)) {
      return new BusyException(message, soonest());
    }
    var main =
        all.stream().filter(e -> isWrongContent(e.reason())).findFirst().orElseGet(all::getFirst);
    return new SourceException(main.reason(), message, main);
  }

  private Duration soonest() {
    return all.stream()
        .map(e -> ((BusyException) e).retryAfter())
        .min(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
