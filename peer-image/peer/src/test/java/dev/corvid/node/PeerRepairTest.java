package dev.corvid.node;

import static dev.corvid.node.LoopbackCluster.UID;
import static dev.corvid.node.LoopbackCluster.assertIsThere;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change on a node's disk after they were activated. */
class PeerRepairTest {
  private final SampleRelease release = new SampleRelease(1, 4, 100_000);

  @TempDir Path directory;
  private LoopbackCluster cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new LoopbackCluster(directory);
    cluster.recheckInterval = "1s";
    cluster.startPeer("node-1");
    cluster.startPeer("node-2");
    cluster.operator.want(UID, cluster.grant(1, Action.ACTIVATE, release, "node-1", "node-2"));
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void aFlippedBitIsFoundNamedAndReplacedFromAnotherNode() throws Exception {
    var seeder = cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.await("node-2", State.ACTIVE);
    seeder.close();
    flipABit("node-1");

    NodeReport report =
        cluster.await(
            "node-1",
            UID,
            each -> each.state() == State.ACTIVE && each.reason() == Reason.Corrupted);
    assertThat(report.message()).contains("data/file-0001", "replaced", "check the disk");
    assertThat(report.active()).isEqualTo(release.content.manifestDigest());
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void withoutAGoodCopyItIsReportedUntilThereIsOne() throws Exception {
    var seeder = cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.await("node-2", State.ACTIVE);
    seeder.close();
    cluster.stopPeer("node-2");
    flipABit("node-1");

    NodeReport failed = cluster.await("node-1", State.FAILED);
    assertThat(failed.reason()).isEqualTo(Reason.Corrupted);
    assertThat(failed.message()).contains("data/file-0001");
    assertThat(failed.held()).isEmpty();
    assertThat(failed.active()).isEqualTo(release.content.manifestDigest());
    cluster.startPeer("node-2");
    cluster.await("node-1", UID, each -> each.state() == State.ACTIVE);
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void aFlippedBitIsFoundAfterAnEndWithoutWarning() throws Exception {
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.stopPeer("node-1");
    Files.createFile(cluster.root("node-1").resolve(".corvid/running"));
    flipABit("node-1");
    cluster.recheckInterval = "24h";
    cluster.startPeer("node-1");
    NodeReport report =
        cluster.await(
            "node-1", UID, each -> each.state() == State.ACTIVE && Objects.nonNull(each.reason()));
    assertThat(report.reason()).isEqualTo(Reason.Corrupted);
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  @Test
  void aRevisionThatCouldNotBeReadIsReadAgain() throws Exception {
    cluster.seed(UID, release, 0);
    cluster.await("node-1", State.ACTIVE);
    cluster.await("node-2", State.ACTIVE);
    Path manifest;
    try (var files = Files.list(cluster.root("node-1").resolve(".corvid/state"))) {
      manifest =
          files.filter(file -> file.toString().endsWith(".manifest")).findFirst().orElseThrow();
    }
    Path aside = directory.resolve("aside");

    try (var failed = new Warnings("dev.corvid.node.release.RevisionMaintenance")) {
      Files.move(manifest, aside);
      Files.createDirectory(manifest); // opens, and cannot be read
      failed.await("could not be read again");
      Files.delete(manifest);
      Files.move(aside, manifest);
    }
    flipABit("node-1");

    cluster.await(
        "node-1", UID, each -> each.state() == State.ACTIVE && each.reason() == Reason.Corrupted);
    assertIsThere(cluster.release("node-1").resolve("current"), release);
  }

  /** The warnings of one class while this is open. */
  private static final class Warnings extends Handler implements AutoCloseable {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final Logger logger;

    Warnings(String name) {
      logger = Logger.getLogger(name);
      logger.addHandler(this);
    }

    void await(String part) throws InterruptedException {
      String message = messages.poll(60, TimeUnit.SECONDS);
      assertThat(message).contains(part);
    }

    @Override
    public void publish(LogRecord warning) {
      messages.add(warning.getMessage());
    }

    @Override
    public void flush() {
      // Each is there at once.
    }

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  private void flipABit(String node) throws Exception {
    Path file = cluster.release(node).resolve("current/data/file-0001");
    var stamp = Files.getLastModifiedTime(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[40_000] ^= 1;
    var mode = Files.getPosixFilePermissions(file);
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Files.setPosixFilePermissions(file, mode);
    Files.setLastModifiedTime(file, stamp);
  }
}
