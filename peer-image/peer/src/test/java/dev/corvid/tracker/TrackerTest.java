package dev.corvid.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.wire.Deflate;
import dev.corvid.wire.Wire;
import dev.corvid.wire.node.Neighbours;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReport.State;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.operator.Pushed;
import dev.corvid.wire.seeder.SeederLimits;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracker answers, over real HTTP. */
class TrackerTest {
  @TempDir Path directory;
  private TestTracker tracker;
  private String instance;

  @BeforeEach
  void open() throws Exception {
    tracker = new TestTracker(directory, Duration.ofMinutes(5)); // no poll ends by itself
    instance = tracker.instance();
  }

  @AfterEach
  void close() {
    tracker.close();
  }

  @Test
  void namesItsInstanceToAPushThatIsMeantForAnother() throws Exception {
    HttpResponse<byte[]> response = tracker.push(new Push("earlier", 0, true, null, null, null));
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(Wire.decode(response.body(), Pushed.class))
        .isEqualTo(new Pushed(instance, 0, false));
  }

  @Test
  void answersAPeerOnlyOnceTheOperatorHasToldEverything() {
    CompletableFuture<NodeAssignments> poll = tracker.poll("node-1", Samples.poll());
    await().until(() -> tracker.waiting() == 1);
    tracker.push(new Push(instance, 0, false, List.of(), List.of(), null));
    assertThat(poll).isNotDone();
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    assertThat(poll.join().releases()).hasSize(1);
  }

  @Test
  void saysSoWhenTheOperatorDoesNotComeInTime() throws Exception {
    try (var impatient =
        new TestTracker(
            java.nio.file.Files.createDirectory(directory.resolve("2")), Duration.ofMillis(50))) {
      HttpResponse<byte[]> response =
          impatient.send(
              "/v1/nodes/node-1/poll", impatient.cluster.peerToken("node-1"), Samples.poll());
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(impatient.refused(RejectionKind.INCOMPLETE)).isEqualTo(1);
    }
  }

  @Test
  void wakesExactlyTheNodeWhoseGrantChanged() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1", "node-2"));
    NodeAssignments first = tracker.poll("node-1", Samples.poll()).join();
    NodeAssignments other = tracker.poll("node-2", Samples.poll()).join();
    CompletableFuture<NodeAssignments> one = tracker.poll("node-1", Samples.poll(first.sequence()));
    CompletableFuture<NodeAssignments> two = tracker.poll("node-2", Samples.poll(other.sequence()));
    await().until(() -> tracker.waiting() == 2);

    var same = tracker.cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-2"));
    var next = tracker.cluster.sign(Samples.grant(Samples.UID, 2, Samples.content(1), "node-1"));
    tracker.push(Samples.push(instance, Samples.UID, null, same));
    NodeAssignments second = two.get(60, TimeUnit.SECONDS);
    assertThat(second.releases().getFirst().grant()).isEqualTo(same);
    NodeAssignments gone = one.get(60, TimeUnit.SECONDS);
    assertThat(gone.releases()).isEmpty();

    one = tracker.poll("node-1", Samples.poll(gone.sequence()));
    two = tracker.poll("node-2", Samples.poll(second.sequence()));
    await().until(() -> tracker.waiting() == 2);
    tracker.push(Samples.push(instance, Samples.UID, null, same, next));
    assertThat(one.get(60, TimeUnit.SECONDS).releases().getFirst().grant()).isEqualTo(next);
    assertThat(tracker.waiting()).isEqualTo(1);
    assertThat(two).isNotDone();
  }

  @Test
  void tellsNodesAtOnceWhereTheSeederServes() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    NodeAssignments before = tracker.poll("node-1", Samples.poll()).join();
    assertThat(before.releases().getFirst().seeder()).isNull();
    CompletableFuture<NodeAssignments> poll =
        tracker.poll("node-1", Samples.poll(before.sequence()));
    await().until(() -> tracker.waiting() == 1);

    assertThat(seederReports().statusCode()).isEqualTo(204);
    NodeAssignments.Entry entry = poll.get(60, TimeUnit.SECONDS).releases().getFirst();
    assertThat(entry.seeder()).isEqualTo("127.0.0.9:6881");
    assertThat(entry.neighbours()).containsExactly("127.0.0.9:6881");
  }

  @Test
  void answersASeederWithItsLimits() throws Exception {
    var limits = new SeederLimits(1 << 20, 0);
    var grant = tracker.cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-1"));
    tracker.push(
        Samples.push(
            instance, Samples.UID, new Push.Seeder(Samples.POD, null, null, null, limits), grant));

    assertThat(TestTracker.decode(seederReports(), SeederLimits.class)).isEqualTo(limits);
  }

  @Test
  void namesASwarmToItsPeersAndItsSeeder() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1", "node-2", "node-3"));
    tracker.poll("node-1", Samples.poll()).join();
    tracker.poll("node-2", Samples.poll()).join();
    String path = "/v1/neighbours/" + Samples.swarm(Samples.content(0));
    Neighbours beforeItServes =
        TestTracker.decode(
            tracker.get(path, tracker.cluster.seederToken(Samples.POD)), Neighbours.class);
    assertThat(beforeItServes.addresses()).hasSize(2);
    seederReports();
    Neighbours forPeer =
        TestTracker.decode(
            tracker.get(path, tracker.cluster.peerToken("node-1")), Neighbours.class);
    assertThat(forPeer).isEqualTo(new Neighbours(List.of("127.0.0.1:6881"), "127.0.0.9:6881"));
    Neighbours forSeeder =
        TestTracker.decode(
            tracker.get(path, tracker.cluster.seederToken(Samples.POD)), Neighbours.class);
    assertThat(forSeeder.addresses()).hasSize(2);
    assertThat(forSeeder.seeder()).isNull();
  }

  @Test
  void tellsTheOperatorAStateAtOnce() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    NodeAssignments assignments = tracker.poll("node-1", Samples.poll()).join();
    Fleet all = tracker.fleet(null, 0).join();
    assertThat(all.full()).isTrue();
    assertThat(all.nodes()).containsExactly(new Fleet.Node("node-1", false));
    CompletableFuture<Fleet> news = tracker.fleet(instance, all.sequence());

    NodeReport active = Samples.report(State.ACTIVE, 9);
    HttpResponse<byte[]> response = tracker.reports("node-1", Samples.reports(2, active));
    assertThat(response.statusCode()).isEqualTo(204);
    Fleet fleet = news.get(60, TimeUnit.SECONDS);
    assertThat(fleet.full()).isFalse();
    assertThat(fleet.nodes()).isEmpty();
    assertThat(fleet.releases())
        .containsExactly(
            new Fleet.Release(Samples.UID, null, List.of(new Fleet.NodeState("node-1", active))));
  }

  @Test
  void takesWhatANodeSaysInItsOrder() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    tracker.poll("node-1", Samples.poll()).join();
    NodeReport active = Samples.report(State.ACTIVE, 9);
    NodeReport given = Samples.report(State.DOWNLOADING, 5);

    assertThat(tracker.reports("node-1", Samples.reports(3, active)).statusCode()).isEqualTo(204);
    assertThat(tracker.reports("node-1", Samples.reports(2, given)).statusCode()).isEqualTo(409);
    assertThat(tracker.reports("node-1", Samples.reports(3, given)).statusCode()).isEqualTo(409);

    assertThat(tracker.fleet(null, 0).join().releases().getFirst().nodes())
        .containsExactly(new Fleet.NodeState("node-1", active));
  }

  @Test
  void endsASessionWhenANodeBeginsAnother() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    NodeAssignments assignments = tracker.poll("node-1", Samples.poll()).join();
    NodeReport active = Samples.report(State.ACTIVE, 9);
    var restarted =
        new NodePoll("session-2", 0, Samples.poll().port(), true, List.of(active), null);
    assertThat(tracker.poll("node-1", restarted).join().sequence())
        .isEqualTo(assignments.sequence());

    var late = Samples.reports(2, Samples.report(State.DOWNLOADING, 5));
    assertThat(tracker.reports("node-1", late).statusCode()).isEqualTo(409);
    assertThat(tracker.fleet(null, 0).join().releases().getFirst().nodes())
        .containsExactly(new Fleet.NodeState("node-1", active));
  }

  @Test
  void takesAPushOnlyAfterThoseThatTheOperatorKnowsOf() throws Exception {
    Push push = Samples.push(instance, tracker.cluster, 0, "node-1");
    tracker.push(push);

    HttpResponse<byte[]> late = tracker.push(push, 0);

    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(Wire.decode(late.body(), Pushed.class)).isEqualTo(new Pushed(instance, 1, false));
    assertThat(tracker.push(push, 1).statusCode()).isEqualTo(200);
  }

  @Test
  void followsAReleaseInPartsOnceTheLastIsThere() throws Exception {
    Push whole = Samples.push(instance, tracker.cluster, 0, "node-1");
    var last = tracker.cluster.sign(Samples.grant(Samples.UID, 1, Samples.content(0), "node-2"));
    Push.Release first = whole.releases().getFirst();
    tracker.push(
        Samples.push(
            instance, new Push.Release(Samples.UID, first.grants(), first.seeder(), 0, true)));
    assertThat(tracker.poll("node-1", Samples.poll()).join().releases()).isEmpty();
    Push.Release skipping = new Push.Release(Samples.UID, List.of(last), first.seeder(), 2, false);
    assertThat(tracker.push(Samples.push(instance, skipping)).statusCode()).isEqualTo(400);

    tracker.push(
        Samples.push(
            instance, new Push.Release(Samples.UID, List.of(last), first.seeder(), 1, false)));

    assertThat(tracker.poll("node-1", Samples.poll()).join().releases()).hasSize(1);
    assertThat(tracker.poll("node-2", Samples.poll()).join().releases()).hasSize(1);
  }

  @Test
  void readsWhatIsCompressedUpToTheSameBound() throws Exception {
    byte[] push = Wire.encode(Samples.push(instance, tracker.cluster, 0, "node-1"));
    assertThat(tracker.compressed("/v1/push", Deflate.compress(push)).statusCode()).isEqualTo(200);
    byte[] bomb = Deflate.compress(new byte[4 * Push.MAX_BYTES]);
    assertThat(tracker.compressed("/v1/push", bomb).statusCode()).isEqualTo(413);
    assertThat(tracker.compressed("/v1/push", push).statusCode()).isEqualTo(400);
  }

  @Test
  void asksAPeerForEverythingWhenItIsNewToTheInstance() {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    HttpResponse<byte[]> response =
        tracker.send("/v1/nodes/node-1/poll", tracker.cluster.peerToken("node-1"), Samples.poll(7));
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.headers().firstValue(Wire.INSTANCE_HEADER)).contains(instance);
  }

  @Test
  void answersALaterPollOfANodeInPlaceOfAnEarlierOne() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    NodeAssignments assignments = tracker.poll("node-1", Samples.poll()).join();
    CompletableFuture<NodeAssignments> lost =
        tracker.poll("node-1", Samples.poll(assignments.sequence()));
    await().until(() -> tracker.waiting() == 1);
    CompletableFuture<NodeAssignments> later =
        tracker.poll("node-1", Samples.poll(assignments.sequence()));
    NodeAssignments answered = lost.get(60, TimeUnit.SECONDS);
    assertThat(answered)
        .isEqualTo(new NodeAssignments(instance, assignments.sequence(), "", List.of(), null));
    assertThat(later).isNotDone();
  }

  /** Or two pods that poll as one node would each take the other's answer for their session's. */
  @Test
  void refusesAWaitingPollWhoseSessionAnotherOneReplaces() throws Exception {
    tracker.push(Samples.push(instance, tracker.cluster, 0, "node-1"));
    NodeAssignments assignments = tracker.poll("node-1", Samples.poll()).join();
    CompletableFuture<NodeAssignments> waiting =
        tracker.poll("node-1", Samples.poll(assignments.sequence()));
    await().until(() -> tracker.waiting() == 1);

    tracker
        .poll("node-1", new NodePoll("session-2", 0, Samples.poll().port(), true, List.of(), null))
        .join();
    assertThat(waiting)
        .failsWithin(Duration.ofMinutes(1))
        .withThrowableThat()
        .withMessageContaining("409");
  }

  private HttpResponse<byte[]> seederReports() {
    return tracker.send(
        "/v1/seeders/" + Samples.UID + "/report",
        tracker.cluster.seederToken(Samples.POD),
        Samples.seeding(0));
  }
}
