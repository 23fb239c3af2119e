package dev.corvid.e2e.demo;

import dev.corvid.e2e.Table;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
import dev.corvid.e2e.release.Timeline.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How the release's progress is shown: a line for the whole, a bar for each node. */
record Progress(ReleaseWatch watch, Timeline timeline) {
  private static final int BAR = 30;

  /** In few words, and the same ones until something is worth a line. */
  List<String> words() {
    var nodes =
        watch.figures().keySet().stream()
            .map(node -> node + " " + watch.percent(node) / 20 * 20 + "%")
            .collect(Collectors.joining("  "));
    return List.of(watch.message(), "  " + nodes);
  }

  /** A bar for each node. */
  List<String> bars() {
    var lines = new ArrayList<String>();
    lines.add(watch.message());
    for (var node : watch.figures().keySet()) {
      int percent = watch.percent(node);
      int full = percent * BAR / 100;
      lines.add(
          "  %-12s [%s%s] %3d%%"
              .formatted(node, "#".repeat(full), " ".repeat(BAR - full), percent));
    }
    return lines;
  }

  /**
   * A line for each node: when it had everything, and from whom. A peer's page of metrics may be a
   * second old; of a node that did not show it before, it is known that it had all when the release
   * was Ready.
   */
  Table summary() {
    var table = new Table("node", "whole after", "MB from the seeder", "MB from peers");
    watch
        .figures()
        .forEach(
            (node, now) ->
                table.row(node, wholeAfter(node), now.fromSeeder() / 1e6, now.fromPeers() / 1e6));
    return table;
  }

  private String wholeAfter(String node) {
    var seen = watch.finished(node);
    return seen != null
        ? timeline.sinceStart(seen)
        : timeline
            .between(Moment.APPLIED, Moment.READY)
            .map(ready -> "%.1f s or less".formatted(ready.toMillis() / 1000.0))
            .orElse("-");
  }
}
