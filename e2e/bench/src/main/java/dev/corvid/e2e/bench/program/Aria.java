package dev.corvid.e2e.bench.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** aria2. It cannot be told of a peer but by a tracker. */
public final class Aria implements Client {
  @Override
  public String name() {
    return "aria2";
  }

  /** Serves without reading everything first, as the others do. */
  @Override
  public Running seed(Place place, Path torrent, Path content) {
    return start(place, torrent, content.getParent(), "--bt-seed-unverified=true");
  }

  @Override
  public Running get(Place place, Path torrent, Path directory) {
    return start(place, torrent, directory, "--file-allocation=none");
  }

  private Running start(Place place, Path torrent, Path directory, String role) {
    var words = new ArrayList<>(List.of("aria2c", "--no-conf", role, "--seed-ratio=0.0"));
    words.addAll(List.of("--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false"));
    words.addAll(List.of("--enable-peer-exchange=false", "--disable-ipv6=true"));
    words.addAll(List.of("--bt-tracker-interval=5", "--listen-port=" + PORT));
    words.add("--interface=" + place.address());
    words.add("--on-bt-download-complete=/bin/echo"); // it says nothing before it ends by itself
    words.addAll(List.of("--console-log-level=notice", "--summary-interval=1"));
    words.addAll(List.of("--show-console-readout=false", "--enable-color=false"));
    words.addAll(List.of("-d", directory.toString(), torrent.toString()));
    return new Running(
        "aria2 at " + place.address(), place.running(words), Map.of(), new AriaDialect());
  }
}
