package dev.corvid.api.v1alpha1;

import java.util.Set;

/**
 * The annotations by which a person, or a program such as a CI job, decides something of a {@link
 * SwarmRelease} without an edit of its spec: a GitOps controller does not revert them, if they are
 * written under a name of their own in server-side apply, such as {@link #FIELD_MANAGER}.
 */
public final class ReleaseAnnotations {
  /**
   * {@code REVISION} or {@code REVISION/WAVE}: nodes may switch to that revision, and the pause of
   * that wave is over if it is {@code untilApproved}.
   */
  public static final String APPROVE = "corvid.dev/approve";

  /** {@code true}: no further node switches. */
  public static final String HOLD = "corvid.dev/hold";

  /** The generation of the spec for which most nodes may lose the release. */
  public static final String ALLOW_REMOVAL = "corvid.dev/allow-removal";

  /** The generation of the spec for which a wave without nodes may be passed over. */
  public static final String ALLOW_EMPTY_WAVE = "corvid.dev/allow-empty-wave";

  /**
   * In whose name they should be written. Flux takes for its own, and removes, what is written by a
   * field manager whose name begins with {@code kubectl}, as kubectl's does without {@code
   * --field-manager}.
   */
  public static final String FIELD_MANAGER = "corvid-user";

  /** All of them. */
  public static final Set<String> NAMES = Set.of(APPROVE, HOLD, ALLOW_REMOVAL, ALLOW_EMPTY_WAVE);

  private ReleaseAnnotations() {}
}
