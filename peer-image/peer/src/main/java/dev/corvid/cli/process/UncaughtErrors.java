package dev.corvid.cli.process;

import java.util.function.IntConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends the process when a thread ends by an {@link Error}: nobody does that thread's work from then
 * on, while probes and reports of others say that all is well. Whoever supervises the process
 * starts it again, and what it left on disk is made for that. An exception of one task stays the
 * fault of that task.
 */
public final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
  /** An internal software error, as in BSD's sysexits. */
  static final int EXIT_CODE = 70;

  private static final Logger log = Logger.getLogger(UncaughtErrors.class.getName());

  private final IntConsumer halt;

  /**
   * @param halt ends the process with an exit code, and waits for no other thread
   */
  public UncaughtErrors(IntConsumer halt) {
    this.halt = halt;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable problem) {
    log.log(
        Level.SEVERE, problem, () -> "an internal error, please report it: " + thread.getName());
    if (problem instanceof Error) {
      halt.accept(EXIT_CODE);
    }
  }
}
