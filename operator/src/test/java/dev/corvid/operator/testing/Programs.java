package dev.corvid.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients of the API server that run as processes of their own, and end with the test. */
public final class Programs implements AutoCloseable {
  private final Path kubeconfig;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param directory for what they keep and write
   */
  Programs(Path kubeconfig, Path directory) {
    this.kubeconfig = kubeconfig;
    this.directory = directory;
  }

  /**
   * Starts one.
   *
   * @param name of its files of output
   */
  Run start(String name, List<String> command) throws IOException {
    Path output = Files.createTempFile(directory, name, ".txt");
    Path errors = Files.createTempFile(directory, name, ".err");
    var builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    processes.add(process);
    return new Run(process, output, errors);
  }

  /**
   * One of them.
   *
   * @param file of its standard output
   * @param errorFile of its standard error: client libraries log there as they like
   */
  public record Run(Process process, Path file, Path errorFile) {
    /** Its exit status. */
    public int await() throws InterruptedException {
      if (!process.waitFor(180, TimeUnit.SECONDS)) {
        throw new IllegalStateException("it has not ended: " + text());
      }
      return process.exitValue();
    }

    /** What it has written to its standard output so far. */
    public String output() {
      return read(file);
    }

    /** All that it has written so far: its output, then its errors. */
    public String text() {
      return output() + read(errorFile);
    }

    private static String read(Path file) {
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
