package dev.corvid.cli.process;

import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * The wish that the process ends, from SIGTERM or SIGINT. A command that is asked to end closes
 * what it opened and returns; only then does the process exit, with the command's own code.
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

  /**
   * Runs on this thread what takes long without asking whether it should end: it is interrupted
   * then.
   *
   * @throws Failure if that happened
   */
  public <T> T interrupting(Callable<T> task) throws Exception {
    var thread = Thread.currentThread();
    var interrupt = requested.thenRun(thread::interrupt);
    try {
      return task.call();
    } catch (InterruptedException | ClosedByInterruptException e) {
      throw new Failure("terminated before it was done; run it again", e);
    } finally {
      interrupt.cancel(false);
      Thread.interrupted(); // what follows is to close in peace
    }
  }

  /** The command has ended with this exit code. */
  public int ends(int code) {
    exitCode.complete(code);
    return code;
  }
}
