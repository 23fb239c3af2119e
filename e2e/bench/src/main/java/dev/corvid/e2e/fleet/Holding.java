package dev.corvid.e2e.fleet;

import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One release on a simulated node: what a peer does, without its disk. Pure: time comes from
 * outside. Not thread-safe.
 *
 * <pre>
 * granted, not held    WAITING -> DOWNLOADING -> VERIFYING -> VERIFIED (HOLD) | ACTIVE (ACTIVATE)
 * granted, held        VERIFIED | ACTIVE at once
 * on a failing node    DOWNLOADING -> FAILED -> DOWNLOADING, until it is well
 * removal              REMOVED
 * its peer restarts    DOWNLOADING | VERIFYING -> WAITING
 * </pre>
 */
final class Holding {
  static final Duration HANDSHAKES = Duration.ofMillis(200);
  static final Duration READ_BACK = Duration.ofMillis(300);
  static final Duration FIRST_TROUBLE = Duration.ofSeconds(1);
  static final Duration RETRY = Duration.ofSeconds(5);

  private final Set<String> held = new LinkedHashSet<>();
  private Temper temper;
  private Grant grant;
  private State state;
  private String active;
  private long since;
  private int failures;

  /**
   * @param grant the first for this release
   */
  Holding(Grant grant, Temper temper, long now) {
    this.temper = temper;
    obey(grant, now);
  }

  /** Takes a grant; one below the epoch that was obeyed is an old one. */
  void obey(Grant next, long now) {
    if (grant != null && next.epoch() <= grant.epoch()) {
      return;
    }
    boolean sameContent =
        grant != null && next.content() != null && next.content().equals(grant.content());
    grant = next;
    if (next.action() == Grant.Action.REMOVE) {
      held.clear();
      active = null;
      enter(State.REMOVED, now);
      return;
    }
    held.removeIf(digest -> !digest.equals(wanted()) && !next.keep().contains(digest));
    if (held.contains(wanted())) {
      complete(now);
    } else if (!sameContent) {
      failures = 0;
      enter(State.WAITING, now);
    }
  }

  /** What is wrong with the node from now on. */
  void become(Temper next) {
    temper = next;
  }

  /** Its peer was killed, and is back. */
  void restart(long now) {
    if (state == State.DOWNLOADING || state == State.VERIFYING) {
      enter(State.WAITING, now);
    }
  }

  /** Lets time pass; whether the state is another one. */
  boolean advance(long now) {
    boolean changed = false;
    for (long left = left(now); left <= 0; left = left(now)) {
      long at = now + left;
      switch (state) {
        case WAITING -> enter(State.DOWNLOADING, at);
        case DOWNLOADING -> {
          boolean fails = temper.kind() == Temper.Kind.FAILING;
          failures += fails ? 1 : 0;
          enter(fails ? State.FAILED : State.VERIFYING, at);
        }
        case FAILED -> enter(State.DOWNLOADING, at);
        case VERIFYING -> complete(at);
        default -> throw new IllegalStateException("nothing follows " + state);
      }
      changed = true;
    }
    return changed;
  }

  /** Nanoseconds until the state changes by itself; {@link Long#MAX_VALUE} when it does not. */
  long left(long now) {
    return switch (state) {
      case WAITING -> since + HANDSHAKES.toNanos() - now;
      case DOWNLOADING ->
          since
              + (temper.kind() == Temper.Kind.FAILING ? FIRST_TROUBLE : temper.download()).toNanos()
              - now;
      case VERIFYING -> since + READ_BACK.toNanos() - now;
      case FAILED -> since + RETRY.toNanos() - now;
      case VERIFIED, ACTIVE, REMOVED -> Long.MAX_VALUE;
    };
  }

  boolean isMoving() {
    return state == State.DOWNLOADING;
  }

  boolean isRemoved() {
    return state == State.REMOVED;
  }

  boolean holds(String manifestDigest) {
    return held.contains(manifestDigest);
  }

  boolean serves(String manifestDigest) {
    return manifestDigest.equals(active);
  }

  /** What the peer says of it at that moment. */
  NodeReport report(long now) {
    boolean whole = state == State.VERIFYING || held.contains(wanted());
    long total = grant.content() == null ? 0 : grant.content().sizeBytes();
    long done = whole ? total : isMoving() ? share(total, now) : 0;
    boolean failed = state == State.FAILED;
    return new NodeReport(
        grant.releaseUid(),
        grant.release(),
        grant.root(),
        grant.reign(),
        grant.epoch(),
        state,
        wanted(),
        active,
        new ArrayList<>(held),
        done,
        total,
        0,
        done,
        0,
        failed ? Reason.InsufficientDisk : null,
        failed ? "needed 1.0Gi, free 120Mi; free space, and the node resumes by itself" : null,
        failures,
        null,
        null);
  }

  private long share(long total, long now) {
    return (long) (total * Math.min(1, (double) (now - since) / temper.download().toNanos()));
  }

  private void complete(long now) {
    held.add(wanted());
    boolean activate = grant.action() == Grant.Action.ACTIVATE;
    active = activate ? wanted() : active;
    enter(activate ? State.ACTIVE : State.VERIFIED, now);
  }

  private void enter(State next, long now) {
    state = next;
    since = now;
  }

  private String wanted() {
    return grant.content() == null ? null : grant.content().manifestDigest();
  }
}
