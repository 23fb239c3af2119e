package dev.corvid.e2e.bench.program;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** bt-core, in a Java as it comes. It cannot be told of a peer but by a tracker. */
public final class BtCore implements Client {
  @Override
  public String name() {
    return "bt-core";
  }

  @Override
  public Running seed(Place place, Path torrent, Path content) {
    return start(place, torrent, content.getParent(), "seed");
  }

  @Override
  public Running get(Place place, Path torrent, Path directory) {
    return start(place, torrent, directory, "get");
  }

  private static Running start(Place place, Path torrent, Path directory, String role) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");
    var listen = place.address() + ":" + PORT;
    var words =
        List.of(
            java,
            "-cp",
            classPath,
            BtCoreClient.class.getName(),
            role,
            torrent.toString(),
            directory.toString(),
            listen);
    return new Running(
        "bt-core at " + place.address(), place.running(words), Map.of(), new JsonDialect());
  }
}
