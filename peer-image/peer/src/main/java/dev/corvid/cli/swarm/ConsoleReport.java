package dev.corvid.cli.swarm;

import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.net.Addresses;
import dev.corvid.wire.text.ByteSize;
import dev.corvid.wire.text.Printable;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Lines for a person, and a progress bar below them where there is a terminal. */
final class ConsoleReport implements Report {
  private static final int MAX_LINE = 4000;

  private final PrintStream out;
  private final Optional<ProgressBar> bar;

  private ConsoleReport(PrintStream out, Optional<ProgressBar> bar) {
    this.out = out;
    this.bar = bar;
  }

  static ConsoleReport on(PrintStream out, String what, long totalBytes) {
    var console = System.console();
    if (console == null || !console.isTerminal()) {
      return new ConsoleReport(out, Optional.empty());
    }
    var bar =
        new ProgressBarBuilder()
            .setTaskName(Printable.name(what))
            .setInitialMax(totalBytes)
            .setUnit(" MiB", 1 << 20)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(250)
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(out))
            .build();
    return new ConsoleReport(out, Optional.of(bar));
  }

  @Override
  public void listening(InetSocketAddress address, InfoHash infoHash) {
    line("listening on " + Addresses.text(address) + ", info-hash " + infoHash);
  }

  @Override
  public void firstPiece() {
    if (bar.isEmpty()) {
      line("first piece received");
    }
  }

  @Override
  public void progress(long verifiedBytes, TorrentStats stats) {
    bar.ifPresent(
        shown -> {
          shown.stepTo(verifiedBytes);
          shown.setExtraMessage(" " + stats.neighbours() + " peers");
        });
  }

  @Override
  public void complete(Path path, long bytes, Duration taken) {
    bar.ifPresent(shown -> shown.stepTo(shown.getMax()));
    line(
        "complete: %s, %sB in %.1f s"
            .formatted(path, ByteSize.format(bytes), taken.toMillis() / 1e3));
  }

  @Override
  public void trouble(String what) {
    line(what);
  }

  @Override
  public void totals(TorrentStats stats) {
    line(
        "downloaded %sB, uploaded %sB, wasted %sB"
            .formatted(
                ByteSize.format(stats.downloaded()),
                ByteSize.format(stats.uploaded()),
                ByteSize.format(stats.wasted())));
  }

  @Override
  public void close() {
    bar.ifPresent(ProgressBar::close);
    out.flush();
  }

  /** A torrent's name and a tracker's words are a stranger's. */
  private synchronized void line(String text) {
    if (bar.isPresent()) {
      out.print("\r\033[K"); // over the bar, which is drawn again
    }
    out.println(Printable.text(text, MAX_LINE));
  }
}
