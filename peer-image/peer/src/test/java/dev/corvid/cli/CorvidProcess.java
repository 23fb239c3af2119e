package dev.corvid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program as a process of its own, with the events it writes. */
final class CorvidProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE = 60;

  private final Process process;
  private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

  private CorvidProcess(Process process) {
    this.process = process;
    Thread.ofVirtual().start(this::listen);
  }

  static CorvidProcess start(Object... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  /** A process that may open so many files. */
  static CorvidProcess startWithFiles(int limit, Object... arguments) throws IOException {
    var shell = List.of("bash", "-c", "ulimit -n " + limit + " && exec \"$@\"", "bash");
    return start(shell, arguments);
  }

  private static CorvidProcess start(List<String> before, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Corvid.class.getName()));
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    return new CorvidProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next event of that name; what comes before it is dropped. */
  JsonNode await(String name) throws InterruptedException {
    return await(name, _ -> true);
  }

  JsonNode await(String name, Predicate<JsonNode> wanted) throws InterruptedException {
    while (true) {
      var event = events.poll(PATIENCE, TimeUnit.SECONDS);
      assertThat(event).as("event %s in %d s", name, PATIENCE).isNotNull();
      if (event.path("event").asText().equals(name) && wanted.test(event)) {
        return event;
      }
    }
  }

  /** SIGTERM. */
  CorvidProcess terminate() {
    process.toHandle().destroy();
    return this;
  }

  /** SIGKILL. */
  CorvidProcess kill() {
    process.toHandle().destroyForcibly();
    return this;
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void listen() {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        events.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      // ended
    }
  }
}
