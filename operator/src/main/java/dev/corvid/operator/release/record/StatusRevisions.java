package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which content a status means by the name of a revision. Twelve digits are for people: who chooses
 * both contents can find two that share them, so what was decided for the one must not count for
 * the other. The history of the same status has the whole digests.
 */
public final class StatusRevisions {
  private StatusRevisions() {}

  /** Whether it is the one that was active everywhere when that status was written. */
  public static boolean isCurrent(SwarmReleaseStatus status, ReleaseRevision revision) {
    return revision.revision().equals(status.currentRevision())
        && isMeant(named(status, revision.revision()), revision);
  }

  /** Whether it is the one that the spec meant when that status was written. */
  public static boolean isUpdate(SwarmReleaseStatus status, ReleaseRevision revision) {
    return revision.revision().equals(status.updateRevision())
        && isMeant(status.history().stream().limit(1).toList(), revision);
  }

  /** Of two of the same name the one that was active everywhere last; if none was, none is. */
  private static boolean isMeant(
      List<SwarmReleaseStatus.Revision> known, ReleaseRevision revision) {
    if (known.isEmpty()) {
      return true; // the records were lost, and the name is all that is left
    }
    Optional<SwarmReleaseStatus.Revision> meant =
        known.size() == 1
            ? Optional.of(known.getFirst())
            : known.stream()
                .filter(each -> each.completionTime() != null)
                .max(Comparator.comparing(SwarmReleaseStatus.Revision::completionTime));
    return meant.filter(each -> revision.digest().equals(each.digest())).isPresent();
  }

  private static List<SwarmReleaseStatus.Revision> named(SwarmReleaseStatus status, String name) {
    return status.history().stream().filter(each -> name.equals(each.revision())).toList();
  }
}
