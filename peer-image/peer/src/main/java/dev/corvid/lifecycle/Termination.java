package dev.corvid.lifecycle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A request that the process end, by SIGTERM or SIGINT. A command that is asked to end closes what
 * it opened and returns; only then does the process exit, with the command's own code. There is one
 * for the process: hooks run at the same time and in no order. Thread-safe.
 */
public final class Termination {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

  /** Takes the process's signals over. */
  public static Termination ofProcess() {
    var termination = new Termination();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  termination.request();
                  // a signal's own exit code would say that something went wrong
                  Runtime.getRuntime().halt(termination.exitCode.join());
                },
                "termination"));
    return termination;
  }

  public void request() {
    requested.complete(null);
  }

  public boolean isRequested() {
    return requested.isDone();
  }

  /** Completes when the command should end. */
  public CompletableFuture<Void> requested() {
    return requested.copy();
  }

  /** The command waits on this thread, and is interrupted when it should end. */
  public void interrupts(Thread waiting) {
    requested.thenRun(waiting::interrupt);
  }

  /** Waits until the process should end. */
  public void await() throws InterruptedException {
    try {
      requested.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it only ever completes
    }
  }

  /** The command has ended with this exit code. */
  public int ends(int code) {
    exitCode.complete(code);
    return code;
  }
}
