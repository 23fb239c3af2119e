package dev.corvid.wire.grant;

import static java.util.Objects.requireNonNull;

import dev.corvid.wire.Require;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the operator wants of a few nodes for one release. A grant speaks to the nodes that it names
 * and to nobody else, so that who relays it cannot widen it; it travels as a {@link SignedGrant}.
 *
 * <p>The {@link Rank} orders the grants of one release: a node refuses one below the highest that
 * it has obeyed, and reports that highest one, above which the operator continues after a loss of
 * its memory.
 *
 * @param releaseUid uid of the SwarmRelease
 * @param release its namespace and name: the directory below the root
 * @param namespaceUid uid of the release's namespace: what a release of an earlier namespace of
 *     that name left is not this one's; null for the removal of a release that nobody knows any
 *     more
 * @param root name of the root that holds it on the node
 * @param generation of the resource that this grant follows; 0 for the removal of one that nobody
 *     knows any more
 * @param reign compared before the epoch
 * @param epoch rises with every change of what is wanted
 * @param action what to do
 * @param content the revision to hold; null for {@link Action#REMOVE}
 * @param swarm the name under which the content's holders meet, 40 hex digits, see {@link
 *     SwarmKey}; null for {@link Action#REMOVE}
 * @param keep manifest digests of the earlier revisions that may stay, newest first
 * @param deletionPolicy what a later removal means; kept in the node's own state, which alone
 *     counts when the generation is 0
 * @param nodes at most {@value #MAX_NODES} node names
 * @param limits how fast each of them may move the content; null for no limit
 */
public record Grant(
    String releaseUid,
    ReleaseName release,
    @Nullable String namespaceUid,
    String root,
    long generation,
    long reign,
    long epoch,
    Action action,
    @Nullable Content content,
    @Nullable String swarm,
    List<String> keep,
    DeletionPolicy deletionPolicy,
    List<String> nodes,
    @Nullable NodeLimits limits) {
  public static final int MAX_NODES = 64;

  /** What a grant asks for. */
  public enum Action {
    /** Download, verify and keep the revision; leave {@code current} as it is. */
    HOLD,
    /** Hold the revision and, once verified, make it current. */
    ACTIVATE,
    /** Stop seeding; remove the release's files, or leave them if the deletion policy retains. */
    REMOVE
  }

  public Grant {
    Require.text(releaseUid, "releaseUid", 64);
    Require.present(release, "release");
    if (namespaceUid != null) {
      Require.text(namespaceUid, "namespaceUid", 64);
    }
    Require.label(root, "root");
    Require.range(generation, 0, Long.MAX_VALUE, "generation");
    Require.range(reign, 0, Rank.LIMIT, "reign");
    Require.range(epoch, 1, Rank.LIMIT, "epoch");
    Require.present(action, "action");
    if (action != Action.REMOVE) {
      Require.present(content, "content");
      Require.infoHash(swarm, "swarm");
    }
    keep = Require.list(keep, 64, "keep");
    keep.forEach(digest -> Require.digest(digest, "keep"));
    deletionPolicy = deletionPolicy == null ? DeletionPolicy.DELETE : deletionPolicy;
    nodes = Require.list(nodes, MAX_NODES, "nodes");
    nodes.forEach(node -> Require.nodeName(node, "nodes"));
    // Absent from the JSON, as most have none.
    limits = NodeLimits.NONE.equals(limits) ? null : limits;
  }

  /** A grant without limits. */
  public Grant(
      String releaseUid,
      ReleaseName release,
      @Nullable String namespaceUid,
      String root,
      long generation,
      long reign,
      long epoch,
      Action action,
      @Nullable Content content,
      @Nullable String swarm,
      List<String> keep,
      DeletionPolicy deletionPolicy,
      List<String> nodes) {
    this(
        releaseUid,
        release,
        namespaceUid,
        root,
        generation,
        reign,
        epoch,
        action,
        content,
        swarm,
        keep,
        deletionPolicy,
        nodes,
        null);
  }

  /** How fast a node may move the content. */
  public NodeLimits pace() {
    return limits == null ? NodeLimits.NONE : limits;
  }

  /** Whether it asks for the same content in the same way, and only the limits differ. */
  public boolean changesLimitsOf(Grant other) {
    return !pace().equals(other.pace())
        && releaseUid.equals(other.releaseUid)
        && release.equals(other.release)
        && Objects.equals(namespaceUid, other.namespaceUid)
        && root.equals(other.root)
        && action == other.action
        && Objects.equals(content, other.content)
        && Objects.equals(swarm, other.swarm)
        && keep.equals(other.keep)
        && deletionPolicy == other.deletionPolicy
        && (generation > 0) == (other.generation > 0);
  }

  /**
   * The revision to hold, of a grant that asks for one.
   *
   * @throws NullPointerException for {@link Action#REMOVE}
   */
  public Content wanted() {
    return requireNonNull(content, "a removal wants no content");
  }

  /** Where it stands among the grants of its release. */
  public Rank rank() {
    return new Rank(reign, epoch);
  }
}
