package dev.corvid.lifecycle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has been opened, each part after those that it uses; all of it is closed in reverse, and a
 * part that fails to close does not keep the others open. Belongs to one thread at a time.
 */
public final class OpenParts implements AutoCloseable {
  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable part) {}

  /**
   * @param name for the message when it fails to close
   * @return the part
   */
  public <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  /**
   * Closes everything, the last one first. A second call has nothing to close.
   *
   * @throws IOException the first failure, unless that is an {@link Error}; the others are
   *     suppressed ones of it
   */
  @Override
  public void close() throws IOException {
    @Nullable Throwable first = null;
    var interrupted = false;
    while (!parts.isEmpty()) {
      // An interrupt is for the caller: a part that saw it would not wait for its threads or files.
      interrupted |= Thread.interrupted();
      var next = parts.pop();
      try {
        next.part().close();
      } catch (Exception e) {
        interrupted |= e instanceof InterruptedException;
        first = both(first, new IOException("cannot close the " + next.name(), e));
      } catch (Error e) {
        first = both(first, e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (first) {
      case null -> {}
      case IOException failure -> throw failure;
      case Error error -> throw error;
      default -> throw new AssertionError(first);
    }
  }

  private static Throwable both(@Nullable Throwable first, Throwable next) {
    if (first == null) {
      return next;
    }
    if (first != next) {
      first.addSuppressed(next);
    }
    return first;
  }

  /** Closes everything because the next part could not be opened, which is what matters. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (IOException | Error e) {
      both(failure, e);
    }
  }
}
