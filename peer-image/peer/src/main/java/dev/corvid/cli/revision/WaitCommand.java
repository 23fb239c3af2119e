package dev.corvid.cli.revision;

import dev.corvid.cli.process.Failure;
import dev.corvid.lifecycle.Termination;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "wait",
    mixinStandardHelpOptions = true,
    description = {
      "Waits until a release is active on this node, then prints its revision.",
      "For an init container that mounts the release's claim at DIR."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the release is active",
      "1:the timeout expired, or DIR is not a release's directory",
      "2:wrong usage"
    })
public final class WaitCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "Where the claim is mounted.")
  private Path directory;

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description =
          "Wait for this one: as `kubectl get swr` shows it, or sha256:... of status.history.")
  private @Nullable RevisionName wanted;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Give up after this long, as in 30s or 10m (default: never).")
  private Duration limit;

  private final Termination termination;

  public WaitCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws Exception {
    try (var current = new CurrentRevision(directory)) {
      termination.interrupts(Thread.currentThread());
      var found = current.await(this::isWanted, limit);
      if (found.isEmpty()) {
        throw new Failure(
            "%s is not active in %s after %d s: see `kubectl describe swr`"
                .formatted(wanted == null ? "a revision" : wanted, directory, limit.toSeconds()));
      }
      System.out.println(found.get().orElseThrow());
      return 0;
    } catch (InterruptedException e) {
      throw new Failure("ended before the release was active", e);
    }
  }

  private boolean isWanted(Optional<String> now) {
    return now.isPresent() && (wanted == null || wanted.isCalled(now.get()));
  }
}
