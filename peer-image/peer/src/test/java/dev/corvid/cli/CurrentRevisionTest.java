package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wait} and {@code watch}, over a directory that switches as a peer switches it. */
class CurrentRevisionTest {
  private static final String ONE = "111111111111";
  private static final String TWO = "222222222222";

  @TempDir Path directory;

  @Test
  void waitingReturnsAtOnceWhenARevisionIsActive() throws Exception {
    activate(ONE);

    assertThat(Cli.run("wait", directory)).isEqualTo(new Cli(0, ONE + "\n", ""));
  }

  @Test
  void waitingEndsWhenTheWantedRevisionBecomesActive() throws Exception {
    activate(ONE);
    var digest = "sha256:" + TWO + "0".repeat(52);
    var waiting =
        CompletableFuture.supplyAsync(() -> Cli.run("wait", directory, "--revision", digest));

    activate(TWO);

    assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(new Cli(0, TWO + "\n", ""));
  }

  @Test
  void waitingGivesUpInTime() {
    var waited = Cli.run("wait", directory, "--timeout", "50ms");

    assertThat(waited.exitCode()).isEqualTo(1);
    assertThat(waited.err()).contains("a revision is not active in " + directory);
  }

  @Test
  void whatIsNoRevisionOrNoReleaseIsRefused() throws Exception {
    assertThat(Cli.run("wait", directory, "--revision", "latest").err())
        .contains("is not a revision");
    assertThat(Cli.run("wait", directory.resolve("elsewhere")).err()).contains("mount the claim");
    Files.createDirectory(directory.resolve("current"));
    assertThat(Cli.run("watch", directory).err()).contains("not a release's directory");
  }

  @Test
  void aLinkThatNamesNoRevisionIsRefusedByBoth() throws Exception {
    Files.createDirectory(directory.resolve("foo"));
    Files.createSymbolicLink(directory.resolve("current"), Path.of("foo"));

    for (var command : List.of("wait", "watch")) {
      assertThat(Cli.run(command, directory))
          .isEqualTo(
              new Cli(
                  1,
                  "",
                  "corvid: %s/current: leads to 'foo', which is not a revision: this is not a release's directory\n"
                      .formatted(directory)));
    }
  }

  @Test
  void theLongestTimeThatCanBeWrittenIsWaitedFor() throws Exception {
    activate(ONE);

    assertThat(Cli.run("wait", directory, "--timeout", "99999h"))
        .isEqualTo(new Cli(0, ONE + "\n", ""));
  }

  @Test
  void watchingReturnsWithTheNextRevision() throws Exception {
    activate(ONE);
    var watching = CompletableFuture.supplyAsync(() -> Cli.run("watch", directory, "--since", ONE));

    activate(TWO);

    assertThat(watching.get(60, TimeUnit.SECONDS)).isEqualTo(new Cli(0, TWO + "\n", ""));
  }

  @Test
  void watchingRunsACommandAtEveryChangeUntilItIsToldToEnd() throws Exception {
    activate(ONE);
    var script = directory.resolve("hook");
    Files.writeString(script, "echo \"{\\\"event\\\":\\\"$CORVID_REVISION\\\"}\"\n");
    // Its own output is the revision's name, which is no event; the command's line is one.
    try (var watch = CorvidProcess.start("watch", directory, "--since", TWO, "sh", script)) {
      watch.await(ONE);
      activate(TWO);
      watch.await(TWO);
      assertThat(watch.terminate().exitCode()).isZero();
    }
  }

  private void activate(String revision) throws IOException {
    Files.createDirectories(directory.resolve("revisions").resolve(revision));
    var link = directory.resolve(".next");
    Files.createSymbolicLink(link, Path.of("revisions", revision));
    Files.move(link, directory.resolve("current"), StandardCopyOption.ATOMIC_MOVE);
  }
}
