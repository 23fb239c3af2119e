package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.WebSeed;
import dev.corvid.bittorrent.wire.Message;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class WebSeedTest {
  @TempDir Path directory;
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var each : started.reversed()) {
      each.close();
    }
  }

  /** Gives ranges of the only file, after it has refused so many times. */
  private static final class Memory implements WebSeed {
    private final byte[] content;
    private final int refusals;
    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<Void> corrupted = new CompletableFuture<>();

    Memory(byte[] content, int refusals) {
      this.content = content;
      this.refusals = refusals;
    }

    @Override
    public InputStream open(int file, long from, int length) throws IOException {
      if (asked.getAndIncrement() < refusals) {
        throw new IOException("busy");
      }
      return new ByteArrayInputStream(content, (int) from, length);
    }

    @Override
    public void corrupted() {
      corrupted.complete(null);
    }
  }

  private TestPeer leecher(Sample sample, WebSeed seed, long downloadLimit) throws Exception {
    var options =
        TorrentOptions.defaults().withLimits(downloadLimit, 0).withWebSeeds(List.of(seed));
    var peer = TestPeer.start(directory, sample, sample.none(), UnaryOperator.identity(), options);
    started.add(peer);
    return peer;
  }

  @Test
  void aServerAloneIsEnoughAndABusyOneIsTriedAgain() throws Exception {
    var sample = Sample.of(5_000_000, 256 << 10);
    var leecher = leecher(sample, new Memory(sample.bytes(), 1), 0);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().downloadedFromWeb()).isEqualTo(5_000_000);
    assertThat(leecher.torrent.stats().downloadedFromPeers()).isZero();
  }

  @Test
  void peersAndTheServerShareTheWork() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var leecher = leecher(sample, new Memory(sample.bytes(), 0), 8 << 20);
    var seeder = TestPeer.start(directory, sample, sample.all());
    started.add(seeder);
    leecher.knows(seeder);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().downloadedFromWeb()).isPositive();
    assertThat(leecher.torrent.stats().downloadedFromPeers()).isPositive();
  }

  @Test
  void aServerThatSendsOtherBytesIsLeftForGood() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var wrong = sample.bytes().clone();
    for (var at = 0; at < wrong.length; at += 256 << 10) {
      wrong[at] ^= 1;
    }
    var server = new Memory(wrong, 0);
    var leecher = leecher(sample, server, 0);
    server.corrupted.get(60, TimeUnit.SECONDS);
    var seeder = TestPeer.start(directory, sample, sample.all());
    started.add(seeder);
    leecher.knows(seeder);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().bannedPeers()).isEqualTo(1);
    assertThat(server.asked)
        .as("what was asked for before the first of 64 pieces was hashed")
        .hasValueLessThan(32);
  }

  @Test
  void whoeverSuperSeedsWhatItGetsSendsHardlyMoreThanACopy() throws Exception {
    var sample = Sample.of(16 << 20, 256 << 10);
    var options =
        TorrentOptions.defaults()
            .withSuperSeed(true)
            .withWebSeeds(List.of(new Memory(sample.bytes(), 0)))
            .withLimits(8 << 20, 0);
    var seeder =
        TestPeer.start(directory, sample, sample.none(), UnaryOperator.identity(), options);
    started.add(seeder);
    var others = new ArrayList<TestPeer>();
    for (var i = 0; i < 3; i++) {
      var other = TestPeer.start(directory, sample, sample.none());
      started.add(other);
      others.add(other.knows(seeder).knows(others.toArray(TestPeer[]::new)));
    }

    for (var other : others) {
      other.awaitCompletion();
    }

    for (var other : others) {
      assertThat(sample.matches(other.content())).isTrue();
    }
    assertThat(seeder.torrent.stats().uploaded()).isLessThan(20 << 20);
  }

  /**
   * While somebody is idle who has it, a piece that comes slowly is taken back, and given again.
   */
  @Test
  void aPieceThatIsTakenBackAndGivenAgainComesWhole() throws Exception {
    var sample = Sample.of(8 << 20, 512 << 10);
    WebSeed slow =
        (file, from, length) ->
            new FilterInputStream(new ByteArrayInputStream(sample.bytes(), (int) from, length)) {
              @Override
              public int read(byte[] target, int offset, int count) throws IOException {
                LockSupport.parkNanos(100_000_000L);
                return super.read(target, offset, count);
              }
            };
    var idle =
        new RawPeer(
            sample.metainfo().infoHash(),
            connection -> {
              connection.introduce(Message.Signal.HAVE_ALL);
              connection.awaitEnd();
            });
    started.add(idle);
    var quick = TestPeer.start(directory, sample, sample.pieces(0, 14));
    started.add(quick);
    var leecher = leecher(sample, slow, 0).knows(quick);
    leecher.torrent.addNeighbours(List.of(idle.address()));

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    assertThat(leecher.torrent.stats().corruptPieces()).isZero();
  }

  /** Half of the first answer comes, then nothing, and the connection stays open. */
  @Test
  void aServerThatFallsSilentIsAskedAgain() throws Exception {
    var sample = Sample.of(1 << 20, 256 << 10);
    var asked = new AtomicInteger();
    var givenUp = new CompletableFuture<Void>();
    var seed =
        new WebSeed() {
          @Override
          public InputStream open(int file, long from, int length) {
            var isFirst = asked.getAndIncrement() == 0;
            var bytes =
                new ByteArrayInputStream(sample.bytes(), (int) from, isFirst ? length / 2 : length);
            return isFirst ? new SequenceInputStream(bytes, new Silence(givenUp)) : bytes;
          }

          @Override
          public Optional<Duration> patience() {
            return Optional.of(Duration.ofSeconds(1));
          }
        };
    var leecher = leecher(sample, seed, 0);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
    givenUp.get(60, TimeUnit.SECONDS);
  }

  private static final class Silence extends InputStream {
    private final CompletableFuture<Void> givenUp;

    Silence(CompletableFuture<Void> givenUp) {
      this.givenUp = givenUp;
    }

    @Override
    public int read() throws IOException {
      try {
        new CompletableFuture<Void>().get();
      } catch (InterruptedException | ExecutionException e) {
        givenUp.complete(null);
      }
      throw new IOException("given up");
    }
  }

  @Test
  void aRangeThatIsCutOffIsAskedForAgain() throws Exception {
    var sample = Sample.of(1 << 20, 256 << 10);
    var asked = new AtomicInteger();
    WebSeed seed =
        (file, from, length) ->
            new ByteArrayInputStream(
                sample.bytes(), (int) from, asked.getAndIncrement() == 1 ? length / 2 : length);
    var leecher = leecher(sample, seed, 0);

    leecher.awaitCompletion();

    assertThat(sample.matches(leecher.content())).isTrue();
  }
}
