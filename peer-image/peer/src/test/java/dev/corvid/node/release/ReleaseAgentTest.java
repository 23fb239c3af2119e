package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.node.LoopbackCluster;
import dev.corvid.node.SampleRelease;
import dev.corvid.node.SimulatedTime;
import dev.corvid.store.CrashingDisk;
import dev.corvid.trust.TestCluster;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single faults of an agent and of what it uses, in simulated time. */
class ReleaseAgentTest {
  /** Far more than any of these takes, and soon over. */
  private static final int MOST_STEPS = 500;

  private static final ReleaseName RANKING = PlayedOperator.NAMES.getFirst();
  private static final ReleaseName TWIN = PlayedOperator.NAMES.getLast();

  private final SampleRelease content = new SampleRelease(1, 4, 40_000);
  private final SimulatedTime time = new SimulatedTime();

  @TempDir Path directory;
  private TestCluster keys;
  private CrashingDisk disk;
  private SimulatedPeer peer;

  @BeforeEach
  void open() throws IOException {
    keys = new TestCluster(Files.createDirectory(directory.resolve("keys")));
    disk = new CrashingDisk(Files.createDirectory(directory.resolve("models")), 1 << 30);
    var random = new SplittableRandom(1);
    var config =
        new Roots(
            List.of(
                new Roots.Root(
                    "models",
                    "/models",
                    List.of(),
                    "0",
                    null,
                    "0s",
                    null,
                    null,
                    "24h",
                    Roots.Root.Sharing.NAMESPACE)));
    peer =
        new SimulatedPeer(
            time,
            random.split(),
            new SimulatedSwarm(time, random.split(), List.of(content)),
            new TrustFile(keys.trustFile()),
            config,
            directory,
            disk,
            "boot");
    peer.open();
  }

  @AfterEach
  void close() throws IOException {
    disk.drain();
    peer.close();
    disk.close();
  }

  /** Such as one that was packed and signed again, because a neighbour was added to it. */
  @Test
  void aGrantThatArrivesDuringACopyInterruptsItOnce() throws IOException {
    SignedGrant ranking = grant("uid-1", RANKING, 1);
    obey(ranking);
    runUntil("uid-1", report -> report.state() == State.ACTIVE);

    var interrupted = new AtomicBoolean();
    disk.beforeEachWrite(
        () -> {
          if (state("uid-2").equals(Optional.of(State.VERIFYING))
              && interrupted.compareAndSet(false, true)) {
            obey(ranking, grant("uid-2", TWIN, 2));
          }
        });
    obey(ranking, grant("uid-2", TWIN, 1));
    runUntil("uid-2", report -> report.state() == State.ACTIVE && report.epoch() == 2);

    assertThat(interrupted).isTrue();
    LoopbackCluster.assertIsThere(directory.resolve("models/search/twin/current"), content);
  }

  @Test
  void aFullDiskIsReportedWhenTheMetainfoArrives() {
    obey(grant("uid-1", RANKING, 1));
    runUntil("uid-1", report -> report.state() == State.WAITING);
    disk.fill();
    runUntil(
        "uid-1",
        report ->
            report.state() == State.FAILED
                && report.reason() == Reason.InsufficientDisk
                && report.message().contains("cannot keep the metainfo"));
    disk.drain();
    runUntil("uid-1", report -> report.state() == State.ACTIVE);
  }

  /** Nobody would start another one. */
  @Test
  void aDefectThatCannotBeReportedDoesNotEndTheAgent() {
    var broken = new AtomicBoolean(true);
    peer.onChange(
        () -> {
          if (broken.get()) {
            throw new IllegalStateException("a defect, for a test");
          }
        });
    obey(grant("uid-1", RANKING, 1));
    while (peer.step()) {}
    broken.set(false);
    runUntil("uid-1", report -> report.state() == State.ACTIVE);
  }

  private void runUntil(String uid, Predicate<NodeReport> wanted) {
    for (int steps = 0; report(uid).filter(wanted).isEmpty(); steps++) {
      assertThat(steps).as("steps, at last %s", report(uid)).isLessThan(MOST_STEPS);
      if (!time.runDue() && !peer.step()) {
        time.advance(peer.nextAlarm());
      }
    }
  }

  private void obey(SignedGrant... grants) {
    try {
      peer.obey(
          new NodeAssignments(
              "tracker-1",
              1,
              "",
              Stream.of(grants)
                  .map(each -> new NodeAssignments.Entry(each, List.of("10.0.0.9:6881"), null))
                  .toList(),
              null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<NodeReport> report(String uid) {
    return peer.reports().stream().filter(each -> each.releaseUid().equals(uid)).findFirst();
  }

  private Optional<State> state(String uid) {
    return report(uid).map(NodeReport::state);
  }

  private SignedGrant grant(String uid, ReleaseName name, long epoch) {
    return keys.sign(
        new Grant(
            uid,
            name,
            null,
            "models",
            epoch,
            0,
            epoch,
            Grant.Action.ACTIVATE,
            content.content,
            content.content.infoHash(),
            List.of(),
            DeletionPolicy.DELETE,
            List.of(PlayedOperator.NODE)));
  }
}
