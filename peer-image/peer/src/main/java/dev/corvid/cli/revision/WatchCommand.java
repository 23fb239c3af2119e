package dev.corvid.cli.revision;

import dev.corvid.lifecycle.Termination;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the active revision of a release on this node and returns when it changes.",
      "With a COMMAND, runs it at every change and keeps watching; CORVID_REVISION is the revision."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the revision changed, or the program was terminated",
      "1:DIR is not a release's directory",
      "2:wrong usage"
    })
public final class WatchCommand implements Callable<Integer> {
  private static final String REVISION = "CORVID_REVISION";
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Parameters(index = "0", paramLabel = "DIR", description = "Where the claim is mounted.")
  private Path directory;

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "What to run, with its arguments; put -- before it.")
  private List<String> command = List.of();

  @Option(
      names = "--since",
      paramLabel = "REVISION",
      description = "The revision that is known already (default: the one that is active now).")
  private @Nullable RevisionName since;

  private final Termination termination;

  public WatchCommand(Termination termination) {
    this.termination = termination;
  }

  @Override
  public Integer call() throws Exception {
    try (var current = new CurrentRevision(directory)) {
      termination.interrupts(Thread.currentThread());
      var known = since == null ? current.read().map(RevisionName::new) : Optional.of(since);
      do {
        var next = next(current, known);
        System.out.println(next);
        run(next);
        known = Optional.of(next);
      } while (!command.isEmpty());
      return 0;
    } catch (InterruptedException e) {
      return 0; // told to end, as every program that runs without end
    }
  }

  private static RevisionName next(CurrentRevision current, Optional<RevisionName> known)
      throws IOException, InterruptedException {
    return current
        .await(now -> now.isPresent() && known.filter(k -> k.isCalled(now.get())).isEmpty(), null)
        .flatMap(now -> now)
        .map(RevisionName::new)
        .orElseThrow();
  }

  /** A command that fails is said, and the next change runs it again. */
  private void run(RevisionName revision) throws Exception {
    if (command.isEmpty()) {
      return;
    }
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put(REVISION, revision.text());
    var process = builder.start();
    try {
      int code = process.waitFor();
      if (code != 0) {
        System.err.println("corvid: %s ended with %d".formatted(command.getFirst(), code));
      }
    } catch (InterruptedException e) {
      process.destroy();
      if (!process.waitFor(GRACE)) {
        process.destroyForcibly();
      }
      throw e;
    }
  }
}
