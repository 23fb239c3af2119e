package dev.corvid.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
  private final Programs programs;

  /**
   * @param directory for what the programs keep
   */
  public GitOps(Path binary, Path kubeconfig, Path directory) {
    this.binary = binary;
    this.programs = new Programs(kubeconfig, directory);
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
  public Programs.Run start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(List.of(arguments));
    return programs.start("gitops", command);
  }

  @Override
  public void close() {
    programs.close();
  }
}
