package dev.corvid.seeder;

import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.seeder.fetch.SourceServer;
import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.seeder.source.Resolver;
import dev.corvid.seeder.source.SourceTimeouts;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SwarmKey;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.seeder.SeederTask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Seeder pods for a test, with a source and a tracker on loopback. */
final class SeederFixture implements AutoCloseable {
  static final byte[] KEY = "a key".getBytes(StandardCharsets.UTF_8);
  static final SwarmKey SWARM_KEY =
      SwarmKey.of(
          "the key of one tenant's swarms."
              .repeat(2)
              .substring(0, 32)
              .getBytes(StandardCharsets.UTF_8));
  private static final Endpoint LOOPBACK = Endpoint.parse("127.0.0.1:0");

  final SourceServer source = new SourceServer();
  final TrackerStub tracker = new TrackerStub();
  private final Path token;
  Path secret;

  /**
   * @param directory of the test's
   */
  SeederFixture(Path directory) throws IOException {
    token = Files.writeString(directory.resolve("token"), "mine\n");
  }

  /** The swarm in which what was made of the source is served. */
  static SwarmId swarmOf(Content content) {
    return SwarmId.ofHex(SWARM_KEY.swarmOf(content.infoHash()));
  }

  SeederTask task(String path, SeederTask.Pinned pinned) {
    return taskOf(source.url(path), pinned);
  }

  /** The same of any server. */
  SeederTask taskOf(String url, SeederTask.Pinned pinned) {
    return new SeederTask(
        "uid-1",
        new ReleaseName("search", "model"),
        "source-1",
        SWARM_KEY,
        tracker.url(),
        new SeederTask.Http(url, null, null),
        null,
        null,
        null,
        pinned,
        0,
        100 << 20,
        new SeederTask.Egress(null, false, List.of(), List.of("127.0.0.0/8"), List.of()),
        null);
  }

  SeederPod open(SeederTask task, Path scratch) throws IOException {
    return open(task, scratch, new SourceTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  SeederPod open(SeederTask task, Path scratch, SourceTimeouts timeouts) throws IOException {
    var options =
        new SeederOptions(
            task,
            KEY,
            LOOPBACK,
            "127.0.0.1",
            "",
            token,
            Files.createDirectories(scratch),
            secret,
            LOOPBACK,
            AdminFiles.NONE);
    return SeederPod.open(options, Resolver.system(), timeouts);
  }

  /** What is published once it is. */
  Publication published() {
    awaitReport(SeederReport.State.SEEDING);
    return tracker.last().publication();
  }

  void awaitReport(SeederReport.State state) {
    await().until(() -> tracker.heard(state));
  }

  @Override
  public void close() {
    tracker.close();
    source.close();
  }
}
