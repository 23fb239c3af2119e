package dev.corvid.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UncaughtErrorsTest {
  private final List<Integer> exits = new ArrayList<>();
  private final UncaughtErrors errors = new UncaughtErrors(exits::add);

  @Test
  void anErrorEndsTheProcess() throws Exception {
    run(
        () -> {
          throw new NoSuchMethodError("another version of a library");
        });

    assertThat(exits).containsExactly(UncaughtErrors.EXIT_CODE);
  }

  @Test
  void anExceptionOfOneTaskDoesNot() throws Exception {
    run(
        () -> {
          throw new IllegalStateException("this task only");
        });

    assertThat(exits).isEmpty();
  }

  private void run(Runnable work) throws InterruptedException {
    Thread.ofPlatform().uncaughtExceptionHandler(errors).start(work).join();
  }
}
