package dev.corvid.node.release;

import dev.corvid.wire.node.NodeReport;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where the wanted revision is on this node. {@link Kind#next} allows these transitions, and no
 * others:
 *
 * <pre>
 * from                     when                                      to
 * any but Verifying        newer grant, revision is held             Held, or Active if granted
 * any but Verifying        newer grant, revision is not held         Waiting
 * any but Verifying        newer grant, revision is damaged          Repairing
 * any but Verifying        removal granted                           Removed
 * Waiting                  info dictionary known                     Downloading
 * Waiting                  another release here holds the content    Verifying
 * Downloading              every piece verified                      Verifying
 * Verifying                files read back, synced, renamed          Held, or Active if granted
 * Verifying                copying is interrupted by a newer grant   Waiting
 * Held, Active             a file is damaged                         Repairing
 * Repairing                its pieces came from the swarm            Held, or Active if granted
 * any                      root, disk or content fails               Failed
 * Failed                   its pause is over                         as after a newer grant
 * </pre>
 *
 * <p>A newer grant that changes limits alone is obeyed in the stage where it arrives. {@code
 * Verifying} is entered and left while one event is handled, so no grant arrives in it.
 */
sealed interface Stage {
  /** The rows and columns of the table. */
  enum Kind {
    IDLE,
    WAITING,
    DOWNLOADING,
    VERIFYING,
    REPAIRING,
    HELD,
    ACTIVE,
    FAILED,
    REMOVED;

    /** What may follow. */
    Set<Kind> next() {
      return switch (this) {
        case IDLE, REPAIRING, HELD, ACTIVE, FAILED, REMOVED ->
            EnumSet.of(WAITING, REPAIRING, HELD, ACTIVE, FAILED, REMOVED);
        case WAITING ->
            EnumSet.of(WAITING, DOWNLOADING, VERIFYING, REPAIRING, HELD, ACTIVE, FAILED, REMOVED);
        case DOWNLOADING ->
            EnumSet.of(WAITING, VERIFYING, REPAIRING, HELD, ACTIVE, FAILED, REMOVED);
        case VERIFYING -> EnumSet.of(WAITING, HELD, ACTIVE, FAILED);
      };
    }

    /**
     * @throws IllegalStateException if the table has no such transition: a defect of the caller
     */
    void requireNext(Kind to) {
      if (!next().contains(to)) {
        throw new IllegalStateException("no transition leads from " + this + " to " + to);
      }
    }
  }

  Kind kind();

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
    public Kind kind() {
      return Kind.IDLE;
    }

    @Override
    public NodeReport.State state() {
      throw new IllegalStateException("nothing to report");
    }
  }

  /** Looks for somebody who has the metainfo. */
  record Waiting() implements Stage {
    @Override
    public Kind kind() {
      return Kind.WAITING;
    }

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
    public Kind kind() {
      return Kind.DOWNLOADING;
    }

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
    public Kind kind() {
      return Kind.VERIFYING;
    }

    @Override
    public NodeReport.State state() {
      return NodeReport.State.VERIFYING;
    }
  }

  /** On disk but for some files, which are fetched again; {@code current} may point to it. */
  record Repairing(NodeProblem problem) implements Stage {
    @Override
    public Kind kind() {
      return Kind.REPAIRING;
    }

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
    public Kind kind() {
      return Kind.HELD;
    }

    @Override
    public NodeReport.State state() {
      return NodeReport.State.VERIFIED;
    }
  }

  /** Whole on disk, and current. */
  record Active() implements Stage {
    @Override
    public Kind kind() {
      return Kind.ACTIVE;
    }

    @Override
    public NodeReport.State state() {
      return NodeReport.State.ACTIVE;
    }
  }

  /** The last attempt failed; the next one is due by itself. */
  record Failed(NodeProblem problem) implements Stage {
    @Override
    public Kind kind() {
      return Kind.FAILED;
    }

    @Override
    public NodeReport.State state() {
      return NodeReport.State.FAILED;
    }
  }

  record Removed() implements Stage {
    @Override
    public Kind kind() {
      return Kind.REMOVED;
    }

    @Override
    public NodeReport.State state() {
      return NodeReport.State.REMOVED;
    }
  }
}
