package dev.corvid.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Helm 4 and the kstatus poller of Flux's controllers, as processes. The binary is the one of
 * {@code e2e/gitops}, named by the variable {@value #VARIABLE} or found in its cache.
 */
public final class GitOps implements AutoCloseable {
  public static final String VARIABLE = "CORVID_GITOPS";

  /** What {@code gitops kstatus} ends with. */
  public static final int CURRENT = 0;

  public static final int FAILED = 1;
  public static final int TIMED_OUT = 2;

  private final Path binary;
  private final Path kubeconfig;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param directory for what the programs keep
   */
  public GitOps(Path binary, Path kubeconfig, Path directory) {
    this.binary = binary;
    this.kubeconfig = kubeconfig;
    this.directory = directory;
  }

  /** The binary, if this machine has it. */
  public static Optional<Path> binary() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    String home = System.getenv("XDG_CACHE_HOME");
    Path cache = home == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
    Path built = cache.resolve("corvid/gitops");
    if (!Files.isDirectory(built)) {
      return Optional.empty();
    }
    try (var versions = Files.list(built)) {
      return versions
          .map(version -> version.resolve("gitops"))
          .filter(Files::isExecutable)
          .max(Comparator.comparing(path -> path.toFile().lastModified()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it with these arguments. */
  public Run start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "gitops", ".txt");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    processes.add(process);
    return new Run(process, output);
  }

  /**
   * One of them.
   *
   * @param file of what it writes
   */
  public record Run(Process process, Path file) {
    /** Its exit status. */
    public int await() throws InterruptedException {
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        throw new IllegalStateException("it has not ended: " + output());
      }
      return process.exitValue();
    }

    /** What it has written so far. */
    public String output() {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join()); // before its directory is deleted
  }
}
