package dev.corvid.cli.swarm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.corvid.bittorrent.TorrentStats;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.net.Addresses;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/** One JSON object a line, for programs; {@code time} is epoch seconds. */
final class JsonReport implements Report {
  private final JsonFactory json = new JsonFactory();
  private final PrintStream out;

  JsonReport(PrintStream out) {
    this.out = out;
  }

  private interface Fields {
    void write(JsonGenerator event) throws IOException;
  }

  @Override
  public void listening(InetSocketAddress address, InfoHash infoHash) {
    event(
        "listening",
        fields -> {
          fields.writeStringField("address", Addresses.text(address));
          fields.writeStringField("infoHash", infoHash.hex());
        });
  }

  /** A tracker listens for every torrent. */
  void listening(InetSocketAddress address) {
    event("listening", fields -> fields.writeStringField("address", Addresses.text(address)));
  }

  @Override
  public void firstPiece() {
    event("first-piece", _ -> {});
  }

  @Override
  public void progress(long verifiedBytes, TorrentStats stats) {
    event(
        "progress",
        fields -> {
          fields.writeNumberField("verified", verifiedBytes);
          traffic(fields, stats);
        });
  }

  @Override
  public void complete(Path path, long bytes, Duration taken) {
    event(
        "complete",
        fields -> {
          fields.writeStringField("path", path.toString());
          fields.writeNumberField("bytes", bytes);
          fields.writeNumberField("seconds", seconds(taken.toMillis()));
        });
  }

  @Override
  public void trouble(String what) {
    event("trouble", fields -> fields.writeStringField("message", what));
  }

  @Override
  public void totals(TorrentStats stats) {
    event("totals", fields -> traffic(fields, stats));
  }

  @Override
  public void close() {
    out.flush();
  }

  private static void traffic(JsonGenerator fields, TorrentStats stats) throws IOException {
    fields.writeNumberField("uploaded", stats.uploaded());
    fields.writeNumberField("downloaded", stats.downloaded());
    fields.writeNumberField("fromSeeder", stats.downloadedFromSeeder());
    fields.writeNumberField("fromWeb", stats.downloadedFromWeb());
    fields.writeNumberField("fromPeers", stats.downloadedFromPeers());
    fields.writeNumberField("wasted", stats.wasted());
    fields.writeNumberField("corruptPieces", stats.corruptPieces());
    fields.writeNumberField("neighbours", stats.neighbours());
  }

  private static BigDecimal seconds(long millis) {
    return BigDecimal.valueOf(millis, 3);
  }

  private void event(String name, Fields fields) {
    var line = new StringWriter();
    try (var event = json.createGenerator(line)) {
      event.writeStartObject();
      event.writeStringField("event", name);
      event.writeNumberField("time", seconds(System.currentTimeMillis()));
      fields.write(event);
      event.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    out.println(line);
    out.flush();
  }
}
