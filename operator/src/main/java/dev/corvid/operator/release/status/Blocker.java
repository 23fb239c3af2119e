package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus.Failure;
import dev.corvid.operator.fleet.SelectedNode;
import dev.corvid.wire.node.NodeReport;
import dev.corvid.wire.seeder.SeederReport;
import dev.corvid.wire.text.ByteSize;
import java.util.List;
import java.util.Optional;

/** What a release that makes no progress waits for, as far as the operator knows. */
final class Blocker {
  private final StatusInput input;
  private final NodeCounts counts;

  private Blocker(StatusInput input, NodeCounts counts) {
    this.input = input;
    this.counts = counts;
  }

  /** A clause of a sentence, without a full stop. */
  static String of(StatusInput input, NodeCounts counts) {
    Blocker blocker = new Blocker(input, counts);
    return input.rollout().wanted() == null ? blocker.source() : blocker.nodes();
  }

  private String source() {
    SeederReport seeder = input.seeder().report();
    if (seeder == null) {
      return Optional.ofNullable(input.seeder().starting()).orElse("the seeder has not started");
    }
    return Optional.ofNullable(seeder.message())
        .orElseGet(
            () -> "the source sends nothing; " + ByteSize.format(seeder.originBytes()) + " came");
  }

  private String nodes() {
    if (counts.absent().pending() > 0) {
      return "waiting for the reports of %d of %d nodes"
          .formatted(counts.absent().pending(), counts.desired());
    }
    List<SelectedNode> unfinished =
        input.nodes().selection().reachable().stream().filter(node -> !isDone(node)).toList();
    if (unfinished.isEmpty()) {
      return "no node that is wanted can be reached";
    }
    String more = unfinished.size() == 1 ? "" : " (and %d more)".formatted(unfinished.size() - 1);
    SelectedNode first = unfinished.getFirst();
    return first.node() + state(first) + more + copies();
  }

  private boolean isDone(SelectedNode node) {
    String digest = input.revision().digest();
    return input.nodes().failures().nodes().contains(node.node())
        || (input.needsPlacingOnly() ? node.holds(digest) : node.serves(digest));
  }

  private String state(SelectedNode node) {
    NodeReport report = node.report();
    Optional<String> known =
        input.nodes().silent().stream()
            .filter(failure -> node.node().equals(failure.nodeName()))
            .map(Failure::message)
            .findFirst()
            .or(() -> Optional.ofNullable(report).flatMap(Blocker::trouble));
    if (known.isPresent()) {
      return ": " + known.get();
    }
    if (report == null || !input.revision().digest().equals(report.wanted())) {
      return " has not acknowledged its last grant";
    }
    return switch (report.state()) {
      case WAITING, DOWNLOADING, FAILED, REMOVED ->
          " has %s of %s and receives nothing"
              .formatted(ByteSize.format(report.bytesDone()), ByteSize.format(report.bytesTotal()));
      case VERIFYING -> " is reading back what it has received";
      case VERIFIED, ACTIVE -> " holds it and has yet to switch";
    };
  }

  private static Optional<String> trouble(NodeReport report) {
    return Optional.ofNullable(report.reason())
        .map(reason -> report.message() == null ? reason.name() : report.message());
  }

  /** As long as no node has all of it, the seeder is where it must come from. */
  private String copies() {
    if (input.nodes().selection().holders(input.revision().digest()) > 0) {
      return "";
    }
    SeederReport seeder = input.seeder().report();
    if (seeder == null) {
      return "; no node has all of it, and "
          + Optional.ofNullable(input.seeder().starting()).orElse("there is no seeder");
    }
    if (seeder.state() == SeederReport.State.SEEDING && seeder.uploadedBytes() == 0) {
      return "; the seeder has sent nothing to any node: check the network between nodes, port"
          + " 6881";
    }
    // What it says while it seeds is about the source.
    boolean hinders = seeder.state() != SeederReport.State.SEEDING && seeder.message() != null;
    return hinders ? "; its seeder: " + seeder.message() : "";
  }
}
