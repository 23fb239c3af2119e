package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The status that Events and log lines were written about last: nothing is told again while the
 * status itself cannot be written. Confined to the release's reconciliation.
 */
public final class LastReportedStatus {
  private @Nullable SwarmReleaseStatus standing;
  private @Nullable SwarmReleaseStatus told;

  /**
   * What was told before: the status that stands there, or one that could not be written in its
   * place.
   *
   * @param written the status as it stands
   * @param next what is told now
   */
  public SwarmReleaseStatus before(SwarmReleaseStatus written, SwarmReleaseStatus next) {
    SwarmReleaseStatus before = told != null && written.equals(standing) ? told : written;
    standing = written;
    told = next;
    return before;
  }
}
