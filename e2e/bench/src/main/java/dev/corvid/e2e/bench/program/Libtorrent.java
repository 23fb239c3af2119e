package dev.corvid.e2e.bench.program;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** libtorrent, driven by a few lines of Python. */
public final class Libtorrent implements Client {
  /** Debian's own: another Python does not see the package. */
  static final String PYTHON = "/usr/bin/python3";

  private final Path driver;

  public Libtorrent(Path checkout) {
    driver = checkout.resolve("e2e/bench/libtorrent_client.py");
  }

  @Override
  public String name() {
    return "libtorrent";
  }

  @Override
  public Running seed(Place place, Path torrent, Path content) {
    return start(place, torrent, content.getParent(), "seed");
  }

  @Override
  public Running get(Place place, Path torrent, Path directory) {
    return start(place, torrent, directory, "get");
  }

  private Running start(Place place, Path torrent, Path directory, String role) {
    var listen = place.address() + ":" + PORT;
    var words = new ArrayList<>(List.of(PYTHON, driver.toString(), role));
    words.addAll(List.of(torrent.toString(), directory.toString(), listen));
    place.neighbour().ifPresent(words::add);
    return new Running(
        "libtorrent at " + place.address(), place.running(words), Map.of(), new JsonDialect());
  }
}
