package dev.corvid.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.cli.Corvid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A cluster's tracker as a process of its own, which ends as in its pod when its heap is full. */
final class TrackerProcess implements AutoCloseable {
  private static final Pattern LISTENS = Pattern.compile("tracker listens on [^\"]*:([0-9]+)\"");

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  /**
   * @param heap as Java's option {@code -Xmx} takes it
   */
  TrackerProcess(String heap, Path trust) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx" + heap,
            "-cp",
            System.getProperty("java.class.path"),
            Corvid.class.getName(),
            "tracker",
            "--cluster",
            "--listen=127.0.0.1:0",
            "--http=127.0.0.1:0",
            "--trust=" + trust);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofVirtual().start(this::read);
  }

  InetSocketAddress address() throws Exception {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get(60, TimeUnit.SECONDS));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS))
        .succeedsWithin(61, TimeUnit.SECONDS);
  }

  private void read() {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println("tracker: " + line);
        var listens = LISTENS.matcher(line);
        if (listens.find()) {
          port.complete(Integer.valueOf(listens.group(1)));
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    port.completeExceptionally(new IOException("the tracker has ended; its output is above"));
  }
}
