package dev.corvid.seeder.fetch;

import com.sun.net.httpserver.HttpExchange;
import dev.corvid.seeder.unpack.Archives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code make source-figures}: how long a source takes that gives each connection a part of its
 * link, over one connection and over as many as help. What it comes to depends on how busy the
 * machine is, so nothing is asserted.
 */
class SourceFigures {
  private static final long SIZE = Long.getLong("corvid.figures.mebibytes", 256) << 20;
  private static final byte[] NOISE = Archives.noise(1 << 20);
  private static final long MEGABIT = 125_000;
  private static final int BLOCK = 16 << 10;
  private static final Path FIGURES = Path.of("target/figures/source.txt");
  private static final RangeSettings ONE =
      new RangeSettings(
          Long.MAX_VALUE,
          8 << 20,
          128 << 20,
          1,
          1,
          RangeSettings.DEFAULT.patience(),
          System::nanoTime);

  private final SourceServer server = new SourceServer();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private Pace link;
  private long each;
  @TempDir Path scratch;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void connectionsOf90MbitBehindALinkOf400() throws Exception {
    compare("90 Mbit/s a connection, a link of 400", 90, 400);
  }

  @Test
  void aLinkOf400() throws Exception {
    compare("a link of 400 Mbit/s", 0, 400);
  }

  @Test
  void noLimits() throws Exception {
    compare("no limits", 0, 0);
  }

  private void compare(String title, long each, long link) throws Exception {
    this.each = each * MEGABIT;
    for (var suffix : new String[] {".bin", ".tar"}) {
      double one = seconds(title + ", one connection, " + suffix, link, ONE, suffix);
      double several = seconds(title + ", several, " + suffix, link, RangeSettings.DEFAULT, suffix);
      print("  several over one: %.3f".formatted(several / one));
    }
  }

  private double seconds(String title, long megabits, RangeSettings settings, String suffix)
      throws Exception {
    link = new Pace(megabits * MEGABIT);
    most.set(0);
    server.requests().clear();
    var file = scratch.resolve("source" + suffix);
    write(file);
    server.answer("/x" + suffix, exchange -> send(exchange, file));
    var directory = Files.createTempDirectory(scratch, "run");
    var fixture = new FetchFixture(directory, server.url("/x" + suffix));
    fixture.ranges = settings;
    long began = System.nanoTime();
    fixture.fetch();
    double took = (System.nanoTime() - began) / 1e9;
    print(
        "%s: %.2f s, %.0f Mbit/s, %d requests, at most %d connections"
            .formatted(title, took, SIZE * 8e-6 / took, server.requests().size(), most.get()));
    Files.deleteIfExists(directory.resolve("fetched"));
    return took;
  }

  /** A file in a tar, or as much without it. */
  private static void write(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    try (var out = Files.newOutputStream(file)) {
      var tar = new TarArchiveOutputStream(out);
      boolean packed = file.toString().endsWith(".tar");
      if (packed) {
        var entry = new TarArchiveEntry("x");
        entry.setSize(SIZE);
        tar.putArchiveEntry(entry);
      }
      for (long left = SIZE; left > 0; left -= NOISE.length) {
        (packed ? tar : out).write(NOISE);
      }
      if (packed) {
        tar.closeArchiveEntry();
        tar.finish();
      }
    }
  }

  private void send(HttpExchange exchange, Path file) throws IOException {
    long size = Files.size(file);
    long from = 0;
    long end = size;
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", "\"one\"");
    headers.set("Accept-Ranges", "bytes");
    var range = exchange.getRequestHeaders().getFirst("Range");
    if (range != null) {
      var numbers = range.substring("bytes=".length()).split("-");
      from = Long.parseLong(numbers[0]);
      end = numbers.length > 1 ? Long.parseLong(numbers[1]) + 1 : size;
      headers.set("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + size);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, end - from);
    most.accumulateAndGet(open.incrementAndGet(), Math::max);
    var own = new Pace(each);
    var block = new byte[BLOCK];
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      for (long left = end - from; left > 0; ) {
        int count = in.read(block, 0, (int) Math.min(BLOCK, left));
        own.take(count);
        link.take(count);
        exchange.getResponseBody().write(block, 0, count);
        left -= count;
      }
      exchange.getResponseBody().close();
    } finally {
      open.decrementAndGet();
    }
  }

  private static void print(String line) throws IOException {
    System.out.println(line);
    Files.createDirectories(FIGURES.getParent());
    Files.writeString(FIGURES, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** So many bytes per second, of whoever takes them; 0 for no limit. */
  private static final class Pace {
    private final long rate;
    private long freeAt = System.nanoTime();

    Pace(long bytesPerSecond) {
      rate = bytesPerSecond;
    }

    void take(int bytes) {
      long until = occupy(bytes);
      for (long left; rate > 0 && (left = until - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
    }

    private synchronized long occupy(int bytes) {
      long begins = Math.max(freeAt, System.nanoTime() - 10_000_000);
      freeAt = rate == 0 ? begins : begins + bytes * 1_000_000_000L / rate;
      return freeAt;
    }
  }
}
