package dev.corvid.wire.node;

import dev.corvid.wire.Reason;
import dev.corvid.wire.Require;
import dev.corvid.wire.grant.Rank;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.text.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node answers for one release: its state and progress.
 *
 * @param releaseUid uid of the SwarmRelease
 * @param release its namespace and name, so that an operator that forgot it can send a removal
 * @param root the root that holds it on this node
 * @param reign of the highest grant obeyed
 * @param epoch of the highest grant obeyed
 * @param state where the wanted revision is
 * @param wanted manifest digest that the last grant names; null when a removal was obeyed
 * @param active manifest digest that {@code current} points to; null when none
 * @param held manifest digests of the verified revisions on this node's disk
 * @param bytesDone bytes of the wanted revision that are verified on disk, pieces counted whole
 * @param bytesTotal bytes of the wanted revision with manifest, without padding; 0 when not known
 * @param bytesFromSeeder payload received from the seeder
 * @param bytesFromPeers payload received from other peers
 * @param bytesReused bytes taken from what the node already held
 * @param reason why the state is FAILED; in another state what troubles the node although it goes
 *     on, or what it has cured; null when there is nothing
 * @param message for a person: what happened, to what, what to do; null when there is nothing to
 *     say
 * @param failures attempts that have failed since the grant
 * @param proof the grant that was obeyed, if a lower one was refused since: the operator believes
 *     no number that is beyond its own clock, but its own signature; null when there is no need
 * @param namespaceUid uid of the namespace whose release left what is on this node's disk under
 *     that name: a later namespace of the same name is not to see it; null when nothing is there,
 *     or when no grant has ever named the namespace
 */
public record NodeReport(
    String releaseUid,
    ReleaseName release,
    String root,
    long reign,
    long epoch,
    State state,
    @Nullable String wanted,
    @Nullable String active,
    List<String> held,
    long bytesDone,
    long bytesTotal,
    long bytesFromSeeder,
    long bytesFromPeers,
    long bytesReused,
    @Nullable Reason reason,
    @Nullable String message,
    int failures,
    @Nullable SignedGrant proof,
    @Nullable String namespaceUid) {
  /** More than any release has: 8 PiB. */
  private static final long MAX_BYTES = Rank.LIMIT;

  /** A grant has at most 64 names of nodes and 64 digests; this is above it. */
  private static final int MAX_PROOF = 24 << 10;

  /** A node's state for one release; a report is sent at once when it changes. */
  public enum State {
    /** The grant is known, nothing was received yet. */
    WAITING,
    DOWNLOADING,
    /** Every piece is there; files are read back, synced and renamed. */
    VERIFYING,
    /** The wanted revision is on disk, whole; {@code current} points elsewhere or nowhere. */
    VERIFIED,
    /** The wanted revision is on disk, whole, and {@code current} points to it. */
    ACTIVE,
    /** The last attempt failed; another one follows by itself. */
    FAILED,
    /** A removal was obeyed. */
    REMOVED
  }

  public NodeReport {
    Require.text(releaseUid, "releaseUid", 64);
    Require.present(release, "release");
    Require.label(root, "root");
    Require.range(reign, 0, Rank.LIMIT, "reign");
    Require.range(epoch, 0, Rank.LIMIT, "epoch");
    Require.present(state, "state");
    if (wanted != null) {
      Require.digest(wanted, "wanted");
    }
    if (active != null) {
      Require.digest(active, "active");
    }
    held = Require.list(held, 64, "held");
    held.forEach(digest -> Require.digest(digest, "held"));
    Require.range(bytesDone, 0, MAX_BYTES, "bytesDone");
    Require.range(bytesTotal, 0, MAX_BYTES, "bytesTotal");
    Require.range(bytesFromSeeder, 0, MAX_BYTES, "bytesFromSeeder");
    Require.range(bytesFromPeers, 0, MAX_BYTES, "bytesFromPeers");
    Require.range(bytesReused, 0, MAX_BYTES, "bytesReused");
    if (state == State.FAILED) {
      Require.present(reason, "reason");
    }
    message = message == null ? null : Printable.text(message, 1024);
    Require.range(failures, 0, Integer.MAX_VALUE, "failures");
    if (proof != null) {
      Require.text(proof.payload(), "proof", MAX_PROOF);
    }
    if (namespaceUid != null) {
      Require.text(namespaceUid, "namespaceUid", 64);
    }
  }

  /** The same, with something that a person should know and that stops nothing. */
  public NodeReport noting(Reason noted, @Nullable String text) {
    return new NodeReport(
        releaseUid,
        release,
        root,
        reign,
        epoch,
        state,
        wanted,
        active,
        held,
        bytesDone,
        bytesTotal,
        bytesFromSeeder,
        bytesFromPeers,
        bytesReused,
        noted,
        text,
        failures,
        proof,
        namespaceUid);
  }

  /** The same with the grant that was obeyed, or without one for null. */
  public NodeReport proving(@Nullable SignedGrant obeyed) {
    return new NodeReport(
        releaseUid,
        release,
        root,
        reign,
        epoch,
        state,
        wanted,
        active,
        held,
        bytesDone,
        bytesTotal,
        bytesFromSeeder,
        bytesFromPeers,
        bytesReused,
        reason,
        message,
        failures,
        obeyed,
        namespaceUid);
  }

  /** The same of content that a release of that namespace left. */
  public NodeReport ofNamespace(@Nullable String uid) {
    return new NodeReport(
        releaseUid,
        release,
        root,
        reign,
        epoch,
        state,
        wanted,
        active,
        held,
        bytesDone,
        bytesTotal,
        bytesFromSeeder,
        bytesFromPeers,
        bytesReused,
        reason,
        message,
        failures,
        proof,
        uid);
  }

  /** The same without message and proof, and of the revisions held the wanted and active ones. */
  public NodeReport brief() {
    return new NodeReport(
        releaseUid,
        release,
        root,
        reign,
        epoch,
        state,
        wanted,
        active,
        held.stream()
            .filter(each -> each.equals(wanted) || each.equals(active))
            .distinct()
            .toList(),
        bytesDone,
        bytesTotal,
        bytesFromSeeder,
        bytesFromPeers,
        bytesReused,
        reason,
        null,
        failures,
        null,
        namespaceUid);
  }

  /** Of the highest grant obeyed. */
  public Rank rank() {
    return new Rank(reign, epoch);
  }

  /** Whether two reports differ only in figures that may wait for the next poll. */
  public boolean sameState(NodeReport other) {
    return state == other.state
        && reign == other.reign
        && epoch == other.epoch
        && java.util.Objects.equals(wanted, other.wanted)
        && java.util.Objects.equals(active, other.active)
        && held.equals(other.held)
        && reason == other.reason
        && java.util.Objects.equals(namespaceUid, other.namespaceUid)
        && java.util.Objects.equals(proof, other.proof);
  }
}
