package dev.corvid.node;

import dev.corvid.wire.Endpoint;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/**
 * Takes the image's peer through two revisions and has Java write down the classes that it loaded
 * and which methods ran hot (JEP 483, 515): in the image they are mapped from that cache, where
 * each peer would parse them into memory of its own, and count again what is worth compiling. Run
 * when images are built.
 *
 * <p>Arguments: the image's {@code java}, the program's jar with {@code lib} beside it, the cache
 * to write.
 */
final class Rehearsal {
  /** The time that every file has in the image: Java refuses a cache of other jars. */
  private static final FileTime IN_THE_IMAGE = FileTime.from(Instant.ofEpochSecond(1));

  private static final String NODE = "rehearsal";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path java;
  private final Path jar;
  private final Path cache;

  private Rehearsal(Path java, Path jar, Path cache) {
    this.java = java;
    this.jar = jar;
    this.cache = cache;
  }

  public static void main(String[] arguments) throws Exception {
    var rehearsal =
        new Rehearsal(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
    Path directory = Files.createTempDirectory("corvid-rehearsal");
    try {
      rehearsal.run(directory);
    } finally {
      delete(directory);
    }
    System.exit(0); // the tracker's web server leaves threads
  }

  private void run(Path directory) throws Exception {
    settleTimes();
    Files.deleteIfExists(cache);
    try (var cluster = new LoopbackCluster(directory)) {
      var http = new InetSocketAddress(InetAddress.ofLiteral("127.77.0.2"), freePort());
      Process peer = start(cluster.options(NODE), http);
      try {
        Assertions.assertTimeoutPreemptively(PATIENCE, () -> play(cluster, http));
      } finally {
        peer.destroy();
        if (!peer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
          peer.destroyForcibly();
        }
      }
    }
    if (!Files.isRegularFile(cache)) {
      throw new IllegalStateException("the peer left no cache at " + cache);
    }
  }

  private static void play(LoopbackCluster cluster, InetSocketAddress http) throws Exception {
    var first = new SampleRelease(1, 20, 100_000);
    var second = new SampleRelease(2, 20, 100_000);
    cluster.operator.want(LoopbackCluster.UID, cluster.grant(1, Action.ACTIVATE, first, NODE));
    cluster.seed(LoopbackCluster.UID, first, 0);
    cluster.await(NODE, State.ACTIVE);
    cluster.operator.want(
        LoopbackCluster.UID, cluster.grant(2, Action.ACTIVATE, second, first, NODE));
    cluster.seed(LoopbackCluster.UID, second, 0);
    cluster.await(
        NODE,
        LoopbackCluster.UID,
        report -> second.content.manifestDigest().equals(report.active()));
    try (var client = HttpClient.newHttpClient()) {
      for (String path : List.of("/livez", "/readyz", "/metrics")) {
        var uri = URI.create("http://" + Endpoint.of(http) + path);
        client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
      }
    }
  }

  private Process start(PeerOptions options, InetSocketAddress http) throws IOException {
    var command = new ArrayList<String>();
    command.addAll(List.of(java.toString(), "-XX:AOTCacheOutput=" + cache));
    command.addAll(List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-Xlog:cds=error", "-Xlog:aot=error", "-jar", jar.toString()));
    command.addAll(PeerProcess.arguments(options, Endpoint.of(http)));
    return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
  }

  private void settleTimes() throws IOException {
    Files.setLastModifiedTime(jar, IN_THE_IMAGE);
    try (var libraries = Files.newDirectoryStream(jar.resolveSibling("lib"))) {
      for (Path library : libraries) {
        Files.setLastModifiedTime(library, IN_THE_IMAGE);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
