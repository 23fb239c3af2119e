package dev.corvid.http;

import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a listener: what it waits for, and since when.
 *
 * <pre>
 *   IDLE     -- first byte ------&gt; HEADER
 *   HEADER   -- header complete --&gt; HANDLING
 *   HANDLING -- body is read ----&gt; BODY    -- read, or a part of it --&gt; HANDLING
 *   HANDLING -- answer is sent --&gt; ANSWER  -- sent, or a part of it --&gt; HANDLING
 *   HANDLING -- next read after an answer --&gt; IDLE
 * </pre>
 *
 * Each phase but HANDLING, which waits for us, has a time limit; the limit of BODY and of ANSWER is
 * for all of it, in however many parts. Of an anonymous client no body is read, neither for a
 * handler nor to be skipped: a connection whose body is waited for keeps its place, and only
 * authenticated clients send bodies. Changed by the connection's own thread; read by any.
 */
public final class HttpConnection {
  /** A header comes in a few segments. Each read costs several times what a byte does. */
  private static final int MAX_READS = 256;

  private static final ScopedValue<HttpConnection> CURRENT = ScopedValue.newInstance();

  enum Phase {
    IDLE,
    HEADER,
    HANDLING,
    BODY,
    ANSWER
  }

  private record State(Phase phase, long since, @Nullable Duration limit) {}

  private final HelidonSocket socket;
  private final InetAddress address;
  private final Connections table;
  private final LongSupplier nanoTime;
  private final long opened;
  private volatile State state;
  private volatile ConnectionPriority priority = ConnectionPriority.ANONYMOUS;
  private volatile @Nullable String caller;
  private int reads;
  private boolean answered;
  private boolean unread;
  private long bodySince;
  private long answerSince;

  HttpConnection(
      HelidonSocket socket, InetAddress address, Connections table, LongSupplier nanoTime) {
    this.socket = socket;
    this.address = address;
    this.table = table;
    this.nanoTime = nanoTime;
    this.opened = nanoTime.getAsLong();
    this.state = new State(Phase.IDLE, opened, timeouts().idle());
  }

  /** The connection whose request the calling thread handles. */
  public static HttpConnection current() {
    return CURRENT.get();
  }

  static ScopedValue.Carrier with(HttpConnection connection) {
    return ScopedValue.where(CURRENT, connection);
  }

  /**
   * Takes note that the client has authenticated itself: from now on its connection counts as the
   * caller's, no longer as its address's.
   *
   * @param caller that many clients may be, each with connections of its own
   * @return whether the caller may have this connection too
   */
  public boolean authenticated(String caller, ConnectionPriority priority) {
    return table.authenticate(this, caller, priority);
  }

  void become(String caller, ConnectionPriority priority) {
    this.caller = caller;
    this.priority = priority;
  }

  ConnectionPriority priority() {
    return priority;
  }

  /** Null while it is anonymous. */
  @Nullable String caller() {
    return caller;
  }

  InetAddress address() {
    return address;
  }

  long opened() {
    return opened;
  }

  Phase phase() {
    return state.phase();
  }

  boolean waitsForRequest() {
    Phase now = phase();
    return now == Phase.IDLE || now == Phase.HEADER;
  }

  /** Whether the client has taken too long at what it is waited for. */
  boolean isLate(long now) {
    State seen = state;
    return seen.limit() != null && now - seen.since() > seen.limit().toNanos();
  }

  /**
   * Before bytes are read. Behind a body that was not read, no other request is.
   *
   * @return whether they may be; if not, nothing is waited for
   */
  boolean reading() {
    long now = nanoTime.getAsLong();
    switch (phase()) {
      case HANDLING -> {
        if (answered) {
          Duration idle =
              priority == ConnectionPriority.ANONYMOUS
                  ? timeouts().idle()
                  : timeouts().authenticatedIdle();
          state = new State(Phase.IDLE, now, idle);
        } else if (priority == ConnectionPriority.ANONYMOUS) {
          // Its bytes would be taken for the next request.
          unread = true;
        } else {
          bodySince = bodySince == 0 ? now : bodySince;
          state = new State(Phase.BODY, bodySince, timeouts().transfer());
        }
      }
      case HEADER -> reads++;
      case IDLE, BODY, ANSWER -> {}
    }
    return !unread && reads <= MAX_READS;
  }

  /** After bytes were read. */
  void read() {
    switch (phase()) {
      case IDLE -> {
        reads = 0;
        state = new State(Phase.HEADER, nanoTime.getAsLong(), timeouts().header());
      }
      case BODY -> handling();
      case HEADER, HANDLING, ANSWER -> {}
    }
  }

  /** The header of a request is complete. */
  void requested() {
    answered = false;
    reads = 0;
    bodySince = 0;
    answerSince = 0;
    handling();
  }

  /** The status of the answer, its first line, is about to be written. */
  void answering() {
    answered = true;
  }

  void writing() {
    answerSince = answerSince == 0 ? nanoTime.getAsLong() : answerSince;
    state = new State(Phase.ANSWER, answerSince, timeouts().transfer());
  }

  void written() {
    handling();
  }

  /** Whoever reads from or writes to it gets an exception. */
  void close() {
    try {
      socket.close();
    } catch (UncheckedIOException e) {
      // It is closed.
    }
  }

  private void handling() {
    state = new State(Phase.HANDLING, nanoTime.getAsLong(), null);
  }

  private Timeouts timeouts() {
    return table.limits().timeouts();
  }
}
