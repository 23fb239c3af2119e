package dev.corvid.e2e.bench;

import dev.corvid.e2e.Folders;
import dev.corvid.e2e.bench.network.Link;
import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Client;
import dev.corvid.e2e.bench.program.Place;
import dev.corvid.e2e.bench.swarm.Content;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** From the start of a peer's process, which is told where the seeder is, to its first piece. */
record LaunchRow(List<Client> clients) implements Row {
  static final String FIRST_PIECE = "launch to first piece s";
  private static final long BYTES = 64 << 20;

  @Override
  public String name() {
    return "launch";
  }

  @Override
  public String title() {
    return "Launch to first piece: loopback, 256 KiB pieces, the seeder given";
  }

  @Override
  public Stage open(Bench.Ground ground) throws Exception {
    var content = Content.of(ground.memory().resolve("content"), BYTES);
    var network = Network.of(List.of(Link.LOOPBACK, Link.LOOPBACK));
    return new Stage() {
      @Override
      public Map<String, Act> acts() {
        var acts = new LinkedHashMap<String, Act>();
        for (var client : clients) {
          acts.put(client.name(), _ -> launch(ground, content, network, client));
        }
        return acts;
      }

      @Override
      public void close() {
        network.close();
      }
    };
  }

  private static Map<String, Double> launch(
      Bench.Ground ground, Content content, Network network, Client client) throws Exception {
    var work = Files.createDirectories(ground.memory().resolve("swarm"));
    var torrent = work.resolve("x.torrent");
    ground.corvid().make(content.path(), torrent, "--piece-length", "256Ki");
    var at = network.nodes();
    try (var seeder = client.seed(Place.in(at.getFirst()), torrent, content.path())) {
      seeder.listening().get(1, TimeUnit.MINUTES);
      var place = Place.in(at.getLast()).knowing(at.getFirst().address() + ":" + Client.PORT);
      try (var peer = client.get(place, torrent, work.resolve("peer"))) {
        long first = peer.firstPiece().get(1, TimeUnit.MINUTES);
        return Map.of(FIRST_PIECE, (first - peer.startedNanos()) / 1e9);
      }
    } finally {
      Folders.delete(work);
    }
  }
}
