package dev.corvid.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response, of which every byte that was received is read before the failure of its
 * connection is: {@link HttpResponse.BodyHandlers#ofInputStream} drops what it has buffered as soon
 * as a connection fails, and those bytes have to be fetched again.
 *
 * <p>At most two lists of buffers are held: the one that is read, and the next. Read by one thread;
 * closed by any, which ends a read that waits and the connection, unless the body has ended.
 */
public final class BodyStream extends InputStream {
  /** Wakes a reader: after it there is nothing. Compared by identity. */
  private static final List<ByteBuffer> END = List.of(ByteBuffer.allocate(0));

  private final BlockingQueue<List<ByteBuffer>> received = new LinkedBlockingQueue<>();
  private final ReentrantLock lock = new ReentrantLock();
  private Flow.@Nullable Subscription
      subscription; // guarded by lock; null before there is an answer
  private volatile boolean closed;
  private volatile @Nullable Throwable failure; // null unless the connection failed
  private Iterator<ByteBuffer> buffers = List.<ByteBuffer>of().iterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;

  private BodyStream() {}

  /** Gives the stream as soon as the headers are there. */
  public static HttpResponse.BodyHandler<InputStream> handler() {
    return head -> new BodyStream().new Receiver();
  }

  private final class Receiver implements HttpResponse.BodySubscriber<InputStream> {
    @Override
    public CompletionStage<InputStream> getBody() {
      return CompletableFuture.completedStage(BodyStream.this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      lock.lock();
      try {
        subscription = given;
      } finally {
        lock.unlock();
      }
      if (closed) {
        given.cancel();
      } else {
        given.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> next) {
      received.add(next);
    }

    @Override
    public void onError(Throwable thrown) {
      failure = thrown;
      received.add(END);
    }

    @Override
    public void onComplete() {
      received.add(END);
    }
  }

  @Override
  public int read() throws IOException {
    return advance() ? current.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int count = Math.min(length, current.remaining());
    current.get(target, offset, count);
    return count;
  }

  @Override
  public int available() throws IOException {
    requireOpen();
    return current.remaining();
  }

  /**
   * To the next byte, for which it waits.
   *
   * @return whether there is one
   */
  private boolean advance() throws IOException {
    requireOpen();
    while (!current.hasRemaining()) {
      if (buffers.hasNext()) {
        current = buffers.next();
      } else if (ended || !takeNext()) {
        requireSound();
        return false;
      }
    }
    return true;
  }

  private boolean takeNext() throws IOException {
    List<ByteBuffer> next;
    try {
      next = received.take();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    }
    requireOpen();
    if (next == END) {
      ended = true;
      return false;
    }
    buffers = next.iterator();
    subscribed().request(1);
    return true;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("closed", failure);
    }
  }

  private void requireSound() throws IOException {
    var thrown = failure;
    if (thrown != null) {
      throw new IOException(words(thrown), thrown);
    }
  }

  /** The client tells of a connection that ended early in terms of its own parser. */
  private static String words(Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "the connection was closed";
      }
    }
    var message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }

  private Flow.Subscription subscribed() {
    lock.lock();
    try {
      return Objects.requireNonNull(subscription, "received before it was subscribed");
    } finally {
      lock.unlock();
    }
  }

  /** Ends the connection, unless the body has ended. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      if (subscription != null) {
        subscription.cancel();
      }
    } finally {
      lock.unlock();
    }
    received.add(END);
  }
}
