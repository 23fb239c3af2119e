package dev.corvid.wire.node;

import dev.corvid.wire.Require;
import dev.corvid.wire.grant.SignedGrant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node is to do: all of it, not a difference. A release that is absent here is no
 * instruction; only a signed removal is. One that is long comes in parts, in the order of the
 * releases' uids: what changes meanwhile changes the sequence, and is asked for by that.
 *
 * @param instance of the tracker
 * @param sequence rises when this node's slice changes
 * @param zone of this node; empty when it has none
 * @param releases one entry for each release that has a grant for this node; none when the sequence
 *     is the one that was asked with
 * @param next what to ask for the next part with; null when this is the last
 */
public record NodeAssignments(
    String instance, long sequence, String zone, List<Entry> releases, @Nullable String next) {
  /**
   * @param grant for this node, signed
   * @param neighbours {@code address:port} of a random sample of who holds or downloads the
   *     content, most of them in the node's own zone, the seeder included
   * @param seeder {@code address:port} of the seeder; null when there is none
   */
  public record Entry(SignedGrant grant, List<String> neighbours, @Nullable String seeder) {
    public Entry {
      Require.present(grant, "grant");
      neighbours = Require.list(neighbours, 256, "neighbours");
    }
  }

  public NodeAssignments {
    Require.text(instance, "instance", 64);
    Require.range(sequence, 0, Long.MAX_VALUE, "sequence");
    zone = Require.zone(zone == null ? "" : zone, "zone");
    releases = Require.list(releases, NodePoll.MAX_REPORTS, "releases");
  }
}
