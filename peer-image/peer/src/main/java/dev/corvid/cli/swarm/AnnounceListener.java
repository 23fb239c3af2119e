package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.announce.Announcer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What announcing brings: peers, or a line for the user. Confined to the announcer's thread. */
final class AnnounceListener implements Announcer.Listener {
  /** A tracker that starts with its peers is late once; a wrong URL fails again. */
  private static final int FAILURES_BEFORE_HINT = 2;

  private final Report report;
  private final boolean isPrivate;
  private final Consumer<List<InetSocketAddress>> neighbours;
  private boolean hasSucceeded;
  private int failures;

  /**
   * @param isPrivate whether peers may come from the tracker only
   * @param neighbours takes the peers that were found
   */
  AnnounceListener(Report report, boolean isPrivate, Consumer<List<InetSocketAddress>> neighbours) {
    this.report = report;
    this.isPrivate = isPrivate;
    this.neighbours = neighbours;
  }

  @Override
  public void found(List<InetSocketAddress> peers) {
    hasSucceeded = true;
    neighbours.accept(peers);
  }

  @Override
  public void failed(String trouble, Duration nextTry) {
    report.trouble("%s; trying again in %d s".formatted(trouble, nextTry.toSeconds()));
    failures++;
    if (failures == FAILURES_BEFORE_HINT && !hasSucceeded) {
      report.trouble(
          "no announce has succeeded yet: check the announce URL in the torrent, which `corvid make"
              + " --announce` writes"
              + (isPrivate ? "" : ", or name a peer with --peer"));
    }
  }
}
