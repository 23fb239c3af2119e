package dev.corvid.node;

import dev.corvid.wire.NodeReport;

/**
 * Where the wanted revision is on this node.
 *
 * <pre>
 * from                     when                                      to
 * any                      newer grant; revision is held             Held, or Active if granted
 * any                      newer grant; revision is not held         Waiting
 * any                      newer grant, with other limits alone       the same; Failed tries again
 * any                      removal granted                           Removed
 * Waiting                  metainfo known                            Downloading
 * Waiting                  another release here holds the content    Verifying
 * Downloading              every piece verified                      Verifying
 * Verifying                files read back, synced, renamed          Held, or Active if granted
 * Held                     activation granted                        Active
 * Held, Active             a file is damaged                 Mending
 * Mending                  its pieces came from the swarm            Held, or Active if granted
 * any but Idle             root, disk or content fails               Failed
 * Failed                   its pause is over                         as after a newer grant
 * </pre>
 */
sealed interface Stage {
  NodeReport.State state();

  /** Whether bytes are waited for. */
  default boolean isOnItsWay() {
    return false;
  }

  /** Whether a grant for the same content has nothing to try again. */
  default boolean isUnhindered() {
    return switch (this) {
      case Waiting _, Downloading _, Repairing _, Held _, Active _ -> true;
      case Idle _, Verifying _, Failed _, Removed _ -> false;
    };
  }

  /** No grant was obeyed: nothing to report. */
  record Idle() implements Stage {
    @Override
    public NodeReport.State state() {
      throw new IllegalStateException("nothing to report");
    }
  }

  /** Looks for somebody who has the metainfo. */
  record Waiting() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.WAITING;
    }

    @Override
    public boolean isOnItsWay() {
      return true;
    }
  }

  record Downloading() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.DOWNLOADING;
    }

    @Override
    public boolean isOnItsWay() {
      return true;
    }
  }

  record Verifying() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.VERIFYING;
    }
  }

  /** On disk but for some files, which are fetched again; {@code current} may point to it. */
  record Repairing(NodeProblem problem) implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.FAILED;
    }

    @Override
    public boolean isOnItsWay() {
      return true;
    }
  }

  /** Whole on disk, not current. */
  record Held() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.VERIFIED;
    }
  }

  /** Whole on disk, and current. */
  record Active() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.ACTIVE;
    }
  }

  /** The last attempt failed; the next one is due by itself. */
  record Failed(NodeProblem problem) implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.FAILED;
    }
  }

  record Removed() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.REMOVED;
    }
  }
}
