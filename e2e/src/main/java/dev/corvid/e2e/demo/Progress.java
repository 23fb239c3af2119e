package dev.corvid.e2e.demo;

import dev.corvid.e2e.Table;
import dev.corvid.e2e.release.ReleaseWatch;
import dev.corvid.e2e.release.Timeline;
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

  /** A line for each node: when it had everything, and from whom. */
  Table summary() {
    var table = new Table("node", "whole after", "MB from the seeder", "MB from peers");
    watch
        .figures()
        .forEach(
            (node, now) ->
                table.row(
                    node,
                    timeline.sinceStart(watch.finished(node)),
                    now.fromSeeder() / 1e6,
                    now.fromPeers() / 1e6));
    return table;
  }
}
