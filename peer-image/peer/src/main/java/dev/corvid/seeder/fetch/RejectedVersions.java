package dev.corvid.seeder.fetch;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.source.SourceUrl;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions that came out wrong, or too large for scratch, by URL. The first time, the bytes may
 * have been damaged on the way; when they come out wrong twice, it is the source, and further
 * attempts cost it no transfer until it has another version. Now and then they do all the same, so
 * that nothing between the source and here can keep a good version out for ever. Confined to one
 * thread.
 */
final class RejectedVersions {
  private static final int BELIEVED_FROM = 2;
  private static final int CHECKED_AGAIN_EACH = 12;

  private record Refusal(String validator, int times, SourceException why) {}

  private final Map<SourceUrl, Refusal> rejected = new HashMap<>();

  /**
   * @param validator of the wrong bytes; null when nothing identifies them
   */
  void note(SourceUrl url, @Nullable String validator, SourceException why) {
    if (validator == null) {
      rejected.remove(url);
      return;
    }
    var last = rejected.get(url);
    int before = last != null && last.validator.equals(validator) ? last.times : 0;
    rejected.put(url, new Refusal(validator, before + 1, why));
  }

  /**
   * @throws SourceException the same as the last time, when this version was wrong already
   */
  void check(SourceUrl url, @Nullable String validator) throws SourceException {
    var last = rejected.get(url);
    if (last == null || !last.validator.equals(validator) || last.times < BELIEVED_FROM) {
      return;
    }
    int times = last.times + 1;
    rejected.put(url, new Refusal(last.validator, times, last.why));
    if (times % CHECKED_AGAIN_EACH != 0) {
      throw last.why;
    }
  }
}
