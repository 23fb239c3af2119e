package dev.corvid.tracker;

import dev.corvid.trust.TestCluster;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.node.NodeReports;
import dev.corvid.wire.node.SessionSequence;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.operator.Push;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import java.util.List;
import java.util.Map;

/** Messages for tests, as valid as real ones. */
public final class Samples {
  public static final String UID = "0b7a3f5e-release";
  static final ReleaseName NAME = new ReleaseName("search", "ranking");
  public static final String SESSION = "session-1";
  public static final String POD = "seeder-pod-uid";

  private Samples() {}

  public static Content content(int seed) {
    String hex = "%064x".formatted(seed + 1);
    return new Content("sha256:" + hex, hex.substring(24), 1 << 18, 1_000_000, 3);
  }

  /** Not the info-hash, so that whoever takes one for the other fails. */
  static String swarm(Content content) {
    return new StringBuilder(content.infoHash()).reverse().toString();
  }

  public static Grant grant(String uid, long epoch, Content content, String... nodes) {
    return new Grant(
        uid,
        NAME,
        null,
        "default",
        1,
        0,
        epoch,
        Grant.Action.ACTIVATE,
        content,
        content == null ? null : swarm(content),
        List.of(),
        DeletionPolicy.DELETE,
        List.of(nodes));
  }

  public static Push push(String instance, String uid, Push.Seeder seeder, SignedGrant... grants) {
    return push(instance, new Push.Release(uid, List.of(grants), seeder));
  }

  public static Push push(String instance, Push.Release... releases) {
    return new Push(instance, 0, true, List.of(releases), List.of(), Map.of());
  }

  /** The seeder is accepted with the content. */
  public static Push push(String instance, TestCluster cluster, int content, String... nodes) {
    return push(
        instance,
        UID,
        seeder("127.0.0.9", content),
        cluster.sign(grant(UID, 1 + content, content(content), nodes)));
  }

  public static Push.Seeder seeder(String address, int content) {
    return new Push.Seeder(POD, address, content(content).infoHash(), swarm(content(content)));
  }

  public static NodeReport report(NodeReport.State state, long bytesDone) {
    return new NodeReport(
        UID,
        NAME,
        "default",
        0,
        1,
        state,
        content(0).manifestDigest(),
        null,
        List.of(),
        bytesDone,
        1_000_000,
        0,
        bytesDone,
        0,
        state == NodeReport.State.FAILED ? Reason.InsufficientDisk : null,
        null,
        0,
        null,
        null);
  }

  /** The first poll of a session: all that the node holds. */
  static NodePoll poll(NodeReport... reports) {
    return new NodePoll(SESSION, 0, 6881, true, List.of(reports), null);
  }

  /** A later one. */
  static NodePoll poll(long sequence) {
    return new NodePoll(SESSION, sequence, 6881, false, List.of(), null);
  }

  /** For the next part of a slice. */
  static NodePoll poll(String from) {
    return new NodePoll(SESSION, 0, 6881, false, List.of(), from);
  }

  static NodeReports reports(long number, NodeReport... reports) {
    return new NodeReports(new SessionSequence(SESSION, number), List.of(reports));
  }

  public static Fleet.Seeder heard(int content, String address) {
    return new Fleet.Seeder(POD, address, seeding(content));
  }

  static SeederReport seeding(int content) {
    return new SeederReport(
        SeederReport.State.SEEDING,
        6881,
        100,
        100,
        Publication.prove(
            UID, "source-1", "sha256:" + "0".repeat(64), content(content), 100, new byte[32]),
        0,
        null,
        null);
  }
}
