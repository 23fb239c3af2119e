package dev.corvid.operator.release.record;

import dev.corvid.operator.trust.SigningKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of the objects that are labelled as records of one release are the operator's own: each
 * version of one is verified once, however often the release is looked at. So what somebody forges
 * costs a verification for each write of theirs. Confined to the release's reconciliation.
 */
public final class VerifiedSeals {
  private final Map<String, Verified> byUid = new HashMap<>();
  private @Nullable SigningKey key;

  /**
   * @param record empty when the seal is not the operator's
   */
  private record Verified(String resourceVersion, Optional<RecordedRevision> record) {}

  /**
   * @param current the key in force: with another one everything is verified again
   * @param read verifies
   */
  public Optional<RecordedRevision> of(
      RawControllerRevision object,
      SigningKey current,
      Function<RawControllerRevision, Optional<RecordedRevision>> read) {
    if (key != current) {
      byUid.clear();
      key = current;
    }
    String uid = object.getMetadata().getUid();
    String version = object.getMetadata().getResourceVersion();
    Verified known = byUid.get(uid);
    if (known == null || !known.resourceVersion().equals(version)) {
      known = new Verified(version, read.apply(object));
      byUid.put(uid, known);
    }
    return known.record();
  }

  /** Forgets the objects that are gone. */
  public void retain(Collection<RawControllerRevision> found) {
    if (byUid.size() > found.size()) {
      Set<String> uids =
          found.stream().map(each -> each.getMetadata().getUid()).collect(Collectors.toSet());
      byUid.keySet().retainAll(uids);
    }
  }
}
