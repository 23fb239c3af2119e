package dev.corvid.operator.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real kubectl, in one namespace, as processes. */
public final class Kubectl implements AutoCloseable {
  private final String namespace;
  private final Programs programs;

  /**
   * @param directory for what it keeps
   */
  public Kubectl(Path kubeconfig, String namespace, Path directory) {
    this.namespace = namespace;
    this.programs = new Programs(kubeconfig, directory);
  }

  /** Starts it with these arguments. */
  public Programs.Run start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ApiServer.binary().orElseThrow().toString());
    command.addAll(List.of("kubectl", "--namespace=" + namespace));
    command.addAll(List.of(arguments));
    return programs.start("kubectl", command);
  }

  /** What it writes with these arguments; the errors, too, if it fails. */
  public String run(String... arguments) throws IOException, InterruptedException {
    Programs.Run run = start(arguments);
    return run.await() == 0 ? run.output() : run.text();
  }

  @Override
  public void close() {
    programs.close();
  }
}
