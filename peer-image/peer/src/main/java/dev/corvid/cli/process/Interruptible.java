package dev.corvid.cli.process;

import dev.corvid.lifecycle.Termination;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.Callable;

/** Tasks that take long and do not ask whether the process should end. */
public final class Interruptible {
  private Interruptible() {}

  /**
   * Runs the task on this thread, which is interrupted when the process should end.
   *
   * @throws Failure if that happened
   */
  public static <T> T call(Termination termination, Callable<T> task) throws Exception {
    var thread = Thread.currentThread();
    var interrupt = termination.requested().thenRun(thread::interrupt);
    try {
      return task.call();
    } catch (InterruptedException | ClosedByInterruptException e) {
      throw new Failure("terminated before it was done; run it again", e);
    } finally {
      interrupt.cancel(false);
      Thread.interrupted(); // what follows is to close in peace
    }
  }
}
