package dev.corvid.seeder;

import static org.awaitility.Awaitility.await;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederTask;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A case on two seeder pods, of which the second takes the place of the first one: a node has some
 * pieces, scratch is gone, and the rest has to come by ranges or else whole.
 */
final class ReplacedRun {
  /** Of nine: the manifest's, and three of the file. */
  private static final int HELD = 4;

  private final String url;
  private final Path directory;

  ReplacedRun(Case one, OddServer server, Path directory) {
    this.url = CaseRun.urls(one, server)[0];
    this.directory = directory;
  }

  CaseRun.Outcome run() throws Exception {
    try (var pods = new SeederFixture(directory)) {
      Publication first;
      SwarmNode node;
      try (var pod = pods.open(pods.taskOf(url, null), directory.resolve("first"))) {
        first = pods.published();
        node = new SwarmNode(directory.resolve("node"), first, seeder(pods));
        node.join(TorrentOptions.defaults().withOnlyFirst(HELD), seeder(pods));
        node.awaitPieces(HELD);
      }
      try (node) {
        node.join(TorrentOptions.defaults(), List.of());
        pods.tracker.nodes().add("127.0.0.1:" + node.address().getPort());
        pods.tracker.reports().clear();
        return replacement(pods, new SeederTask.Pinned(first.sourceDigest(), first.content()));
      }
    }
  }

  private CaseRun.Outcome replacement(SeederFixture pods, SeederTask.Pinned pinned)
      throws Exception {
    var scratch = directory.resolve("second");
    try (var pod = pods.open(pods.taskOf(url, pinned), scratch)) {
      await().until(() -> Files.exists(scratch.resolve("revision.json")));
      return new CaseRun.Outcome(CaseRun.tree(scratch.resolve("tree")), null, "", 1);
    }
  }

  private static List<InetSocketAddress> seeder(SeederFixture pods) {
    return List.of(new InetSocketAddress("127.0.0.1", pods.tracker.last().port()));
  }
}
