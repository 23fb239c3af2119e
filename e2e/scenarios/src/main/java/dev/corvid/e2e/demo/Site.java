package dev.corvid.e2e.demo;

import dev.corvid.e2e.cluster.Chart;
import dev.corvid.e2e.cluster.Kubectl;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the demo runs: a cluster made for it on this machine, or one that is there. */
interface Site {
  /**
   * Makes sure that there is a cluster which has, or can pull, Corvid's images.
   *
   * @throws IllegalStateException before anything is changed, when there is what the demo did not
   *     make and would have to change
   */
  void prepare(Screen screen);

  /** How Corvid is installed there. */
  Chart chart();

  Path kubeconfig();

  Kubectl kubectl();

  /** Helm values that this place needs. */
  Map<String, Object> values();

  /** The image of the peer, which has a JRE and libc and so runs the pods of the demo too. */
  String peerImage();

  /** Has the archive served from one machine with one uplink; its URL for pods and nodes. */
  URI serve(Path archive) throws IOException;

  /** When the source sent the first byte of the archive after the given moment. */
  Optional<Instant> firstByteAfter(Instant moment);

  /**
   * Fetches the archive on all nodes at once, the plain way.
   *
   * @return seconds until the last one had it
   */
  Optional<Double> fetchEverywhere(List<String> nodes, URI archive);

  /** What to type next, one suggestion a line. */
  List<String> whatNext();
}
