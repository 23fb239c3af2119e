package dev.corvid.node;

import dev.corvid.wire.NodeReport;
import dev.corvid.wire.Reason;

/**
 * Where the wanted revision is on this node.
 *
 * <pre>
 * from                     when                                      to
 * any                      newer grant; revision is held             Held, or Active if granted
 * any                      newer grant; revision is not held         Waiting
 * any                      removal granted                           Removed
 * Waiting                  metainfo known                            Downloading
 * Waiting                  another release here holds the content    Verifying
 * Downloading              every piece verified                      Verifying
 * Verifying                files read back, synced, renamed          Held, or Active if granted
 * Held                     activation granted                        Active
 * any but Idle             root, disk or content fails               Failed
 * Failed                   its pause is over                         as after a newer grant
 * </pre>
 */
sealed interface Stage {
  NodeReport.State state();

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
  }

  record Downloading() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.DOWNLOADING;
    }
  }

  record Verifying() implements Stage {
    @Override
    public NodeReport.State state() {
      return NodeReport.State.VERIFYING;
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
  record Failed(Reason reason, String message) implements Stage {
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
