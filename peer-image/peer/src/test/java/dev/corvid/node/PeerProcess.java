package dev.corvid.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.cli.Corvid;
import dev.corvid.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A node's peer as a process of its own, which ends as in its pod when its memory is full. */
final class PeerProcess implements AutoCloseable {
  private static final Pattern LISTENS = Pattern.compile("listens on [^\"]*:([0-9]+)\"");

  /** The image's, but for its cache of classes and how often memory is given back. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx48m",
          "-Xmn6m",
          "-XX:MaxDirectMemorySize=16m",
          "-XX:ReservedCodeCacheSize=24m",
          "-Djdk.nio.maxCachedBufferSize=262144",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED");

  /** Where these are set, Java writes a line that says so. */
  private static final Set<String> LINES_OF_JAVA =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  PeerProcess(PeerOptions options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Corvid.class.getName()));
    command.addAll(arguments(options, options.http()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(LINES_OF_JAVA);
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    process = builder.start();
    Thread.ofVirtual().start(this::read);
  }

  /** What the program is called with. */
  static List<String> arguments(PeerOptions options, Endpoint http) {
    return List.of(
        "peer",
        "--node=" + options.node(),
        "--address=" + options.address(),
        "--listen=" + options.listen(),
        "--tracker=" + options.tracker(),
        "--token=" + options.token(),
        "--trust=" + options.trust(),
        "--roots=" + options.roots(),
        "--roots-directory=" + options.rootsDirectory(),
        "--http=" + http);
  }

  InetSocketAddress address() throws Exception {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port.get(60, TimeUnit.SECONDS));
  }

  /** What it has written until now, on both of its outputs. */
  List<String> lines() {
    return lines;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    assertThat(process.onExit()).succeedsWithin(60, TimeUnit.SECONDS);
  }

  private void read() {
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println("peer: " + line);
        this.lines.add(line);
        var listens = LISTENS.matcher(line);
        if (listens.find()) {
          port.complete(Integer.valueOf(listens.group(1)));
        }
      }
    } catch (IOException e) {
      // It has ended.
    }
    port.completeExceptionally(new IOException("the peer has ended; its output is above"));
  }
}
