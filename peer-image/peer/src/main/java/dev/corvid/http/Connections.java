package dev.corvid.http;

import static java.util.Objects.requireNonNull;

import dev.corvid.http.HttpConnection.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The open connections of one listener, within its limits. A new connection takes the place of one
 * whose client keeps it waiting, rather than to be refused: what is held open for nothing cannot
 * keep others out. The oldest of the first of these kinds that there is makes room:
 *
 * <pre>
 *   what is taken               what makes room, in this order
 *   --------------------------  -------------------------------------------------------
 *   the places of its address   of that address: IDLE or HEADER; ANSWER; HANDLING
 *   all anonymous places        anonymous: IDLE or HEADER; ANSWER; HANDLING
 *   all places                  anonymous: IDLE or HEADER; ANSWER; HANDLING
 *                               AUTHENTICATED: IDLE or HEADER
 *   the places of its caller    of that caller: IDLE or HEADER
 * </pre>
 *
 * Anonymous connections are in no other phase. A MEMBER makes room for its own caller only. While
 * any is open, those that are late are closed once a second.
 *
 * <p>A connection that was closed keeps its memory until its thread has ended, which takes a while
 * on a busy machine. So a new one waits, up to {@value #LONGEST_WAIT_SECONDS} s, while {@link
 * ConnectionLimits#closing} of them are ending. Thread-safe.
 */
final class Connections {
  private static final Logger log = Logger.getLogger(Connections.class.getName());
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration WARN_EVERY = Duration.ofMinutes(1);
  private static final int LONGEST_WAIT_SECONDS = 5;

  /** The JDK's own timer. */
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          SWEEP.toMillis(), TimeUnit.MILLISECONDS, Thread::startVirtualThread);

  private final ConnectionLimits limits;
  private final LongSupplier nanoTime;
  private final Executor later;
  private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

  /** The oldest first, here and below. */
  private final Map<ConnectionPriority, Set<HttpConnection>> byPriority =
      new EnumMap<>(ConnectionPriority.class);

  private final Map<Object, Set<HttpConnection>> byOwner = new HashMap<>();

  /** Those that were closed here, and whose threads have not ended yet. */
  private final Set<HttpConnection> closing = new HashSet<>();

  private boolean sweeps;
  private long warned;

  Connections(ConnectionLimits limits) {
    this(limits, System::nanoTime, LATER);
  }

  /**
   * @param later runs a task after a while
   */
  Connections(ConnectionLimits limits, LongSupplier nanoTime, Executor later) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.later = later;
    this.warned = nanoTime.getAsLong() - WARN_EVERY.toNanos();
    for (var reason : CloseReason.values()) {
      closed.put(reason, new LongAdder());
    }
    for (var priority : ConnectionPriority.values()) {
      byPriority.put(priority, new LinkedHashSet<>());
    }
  }

  ConnectionLimits limits() {
    return limits;
  }

  /** How many were refused or closed for that reason. */
  long closed(CloseReason reason) {
    return counter(reason).sum();
  }

  private LongAdder counter(CloseReason reason) {
    return requireNonNull(closed.get(reason), "each has one");
  }

  private Set<HttpConnection> of(ConnectionPriority priority) {
    return requireNonNull(byPriority.get(priority), "each has one");
  }

  synchronized int size() {
    return byPriority.values().stream().mapToInt(Set::size).sum();
  }

  /**
   * Takes a new connection in; {@link #ended} has to follow. Waits for others that are closing.
   *
   * @return whether there is a place for it; it is not closed here if not
   */
  synchronized boolean open(HttpConnection connection) {
    boolean isTaken = othersHaveEnded() && hasRoomAtAddress(connection) && hasRoom();
    if (closing.size() < limits.closing()) {
      notify(); // the next that waits; all at once would have thousands look
    }
    if (!isTaken) {
      counter(CloseReason.REFUSED).increment();
      return false;
    }
    add(connection);
    if (!sweeps) {
      sweeps = true;
      later.execute(this::sweep);
    }
    return true;
  }

  synchronized boolean authenticate(
      HttpConnection connection, String caller, ConnectionPriority priority) {
    if (caller.equals(connection.caller())) {
      return true;
    }
    Set<HttpConnection> own = byOwner.getOrDefault(caller, Set.of());
    if (own.size() >= limits.perCaller() && !evict(waiting(own), CloseReason.CALLER)) {
      counter(CloseReason.REFUSED).increment();
      return false;
    }
    if (remove(connection)) { // else it was closed meanwhile
      connection.become(caller, priority);
      add(connection);
    }
    return true;
  }

  synchronized void ended(HttpConnection connection) {
    if (!remove(connection) && closing.remove(connection)) {
      notify();
    }
  }

  /** Waits until few enough are closing; whether that came. */
  private boolean othersHaveEnded() {
    try {
      long left = TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
      while (closing.size() >= limits.closing() && left > 0) {
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left -= System.nanoTime() - began;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return closing.size() < limits.closing();
  }

  private boolean hasRoomAtAddress(HttpConnection connection) {
    Set<HttpConnection> own = byOwner.getOrDefault(connection.address(), Set.of());
    if (own.size() < limits.perAddress()) {
      return true;
    }
    boolean isBurst =
        nanoTime.getAsLong() - own.iterator().next().opened() < limits.burst().toNanos();
    if (isBurst && of(ConnectionPriority.ANONYMOUS).size() < limits.anonymous() / 2) {
      return true;
    }
    return evict(anonymous(own), CloseReason.ADDRESS);
  }

  private boolean hasRoom() {
    Set<HttpConnection> anonymous = of(ConnectionPriority.ANONYMOUS);
    if (anonymous.size() < limits.anonymous() && size() < limits.connections()) {
      return true;
    }
    warn();
    var victim = anonymous(anonymous);
    if (anonymous.size() < limits.anonymous()) {
      victim = victim.or(() -> waiting(of(ConnectionPriority.AUTHENTICATED)));
    }
    return evict(victim, CloseReason.FULL);
  }

  private static Optional<HttpConnection> anonymous(Set<HttpConnection> some) {
    return waiting(some).or(() -> stalled(some)).or(() -> some.stream().findFirst());
  }

  private static Optional<HttpConnection> waiting(Set<HttpConnection> some) {
    return some.stream().filter(HttpConnection::waitsForRequest).findFirst();
  }

  /** One whose client does not take its answer. */
  private static Optional<HttpConnection> stalled(Set<HttpConnection> some) {
    return some.stream().filter(each -> each.phase() == Phase.ANSWER).findFirst();
  }

  private boolean evict(Optional<HttpConnection> victim, CloseReason reason) {
    victim.ifPresent(each -> close(each, reason));
    return victim.isPresent();
  }

  private void close(HttpConnection connection, CloseReason reason) {
    if (remove(connection)) { // else it ended meanwhile
      counter(reason).increment();
      closing.add(connection);
      connection.close();
    }
  }

  private void sweep() {
    for (HttpConnection late : late()) {
      CloseReason reason =
          switch (late.phase()) {
            case IDLE -> CloseReason.IDLE;
            case HEADER -> CloseReason.HEADER;
            case BODY -> CloseReason.BODY;
            case ANSWER, HANDLING -> CloseReason.ANSWER;
          };
      synchronized (this) {
        close(late, reason);
      }
    }
    synchronized (this) {
      sweeps = size() > 0;
      if (sweeps) {
        later.execute(this::sweep);
      }
    }
  }

  private synchronized List<HttpConnection> late() {
    long now = nanoTime.getAsLong();
    List<HttpConnection> late = new ArrayList<>();
    for (var some : byPriority.values()) {
      some.stream().filter(each -> each.isLate(now)).forEach(late::add);
    }
    return late;
  }

  private void add(HttpConnection connection) {
    of(connection.priority()).add(connection);
    byOwner.computeIfAbsent(owner(connection), _ -> new LinkedHashSet<>()).add(connection);
  }

  private boolean remove(HttpConnection connection) {
    Object owner = owner(connection);
    Set<HttpConnection> own = byOwner.get(owner);
    if (own != null && own.remove(connection) && own.isEmpty()) {
      byOwner.remove(owner);
    }
    return of(connection.priority()).remove(connection);
  }

  /** Whose connections are counted together: the caller's, or those from an address. */
  private static Object owner(HttpConnection connection) {
    var caller = connection.caller();
    return caller == null ? connection.address() : caller;
  }

  private void warn() {
    long now = nanoTime.getAsLong();
    if (now - warned >= WARN_EVERY.toNanos()) {
      warned = now;
      log.warning(
          "all places for connections are taken: %d anonymous, %d in all; the oldest idle one is"
                  .formatted(of(ConnectionPriority.ANONYMOUS).size(), size())
              + " closed for each new one. Look for a client that opens many connections; if all"
              + " are wanted, give this pod more memory");
    }
  }
}
