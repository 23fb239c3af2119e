package dev.corvid.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real kubectl, in one namespace, as processes. */
public final class Kubectl implements AutoCloseable {
  private final Path kubeconfig;
  private final String namespace;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param directory for what it keeps
   */
  public Kubectl(Path kubeconfig, String namespace, Path directory) {
    this.kubeconfig = kubeconfig;
    this.namespace = namespace;
    this.directory = directory;
  }

  /** Starts it with these arguments. */
  public Run start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ApiServer.binary().orElseThrow().toString());
    command.addAll(List.of("kubectl", "--namespace=" + namespace));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "kubectl", ".txt");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    processes.add(process);
    return new Run(process, output);
  }

  /** What it writes with these arguments, whether it succeeds or not. */
  public String run(String... arguments) throws IOException, InterruptedException {
    Run run = start(arguments);
    run.await();
    return run.output();
  }

  /**
   * One of them.
   *
   * @param file of what it writes
   */
  public record Run(Process process, Path file) {
    /** Its exit status. */
    public int await() throws InterruptedException {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
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
