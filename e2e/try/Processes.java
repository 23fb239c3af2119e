import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts Corvid as processes of their own, and ends all of them. */
final class Processes {
  /** What the images run with: one peer needs little, so eight fit on a laptop. */
  private static final List<String> SETTINGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx48m",
          "-XX:MaxDirectMemorySize=16m",
          "-XX:ReservedCodeCacheSize=24m",
          "-XX:TieredStopAtLevel=1",
          "-Djdk.nio.maxCachedBufferSize=262144");

  private final Path jar;
  private final List<Process> started = new ArrayList<>();

  Processes(Path jar) {
    this.jar = jar;
  }

  /** Starts a process that goes on and tells what happens on its standard output. */
  Member start(String name, String... arguments) throws IOException {
    return new Member(name, launch(builder(arguments)));
  }

  /** Runs a process to its end; what it says is the user's to read. */
  void run(String... arguments) throws Exception {
    var process =
        launch(builder(arguments).redirectOutput(ProcessBuilder.Redirect.INHERIT));
    if (process.waitFor() != 0) {
      throw new Trouble("corvid " + arguments[0] + " failed");
    }
  }

  synchronized void endAll() {
    started.forEach(Process::destroy);
    for (var process : started) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    }
  }

  private synchronized Process launch(ProcessBuilder builder) throws IOException {
    var process = builder.start();
    started.add(process);
    return process;
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SETTINGS);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    return builder;
  }
}
