package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.TorrentOptions;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SameHostTest {
  private static final TorrentOptions SUPER_SEED = TorrentOptions.defaults().withSuperSeed(true);

  @TempDir Path directory;
  private Sample sample;

  @BeforeEach
  void makeSample() throws Exception {
    sample = Sample.of(64 * (16 << 10), 16 << 10);
  }

  @Test
  void thePeerBesideTheSeederServesNothingOfTheFirstCopyEvenWhenItHasEverything() throws Exception {
    try (var seeder = TestPeer.on("a", directory, sample, sample.all(), SUPER_SEED);
        var beside = peer("a", new BitSet()).knows(seeder)) {
      beside.awaitCompletion();
      try (var other = peer("b", new BitSet()).knows(beside, seeder)) {
        other.awaitCompletion();
        assertThat(other.content()).isEqualTo(sample.bytes());
        assertThat(beside.torrent.stats().uploaded()).isZero();
      }
    }
  }

  @Test
  void thePeerOnAnotherMachineServesWhatItHas() throws Exception {
    try (var seeder = TestPeer.on("a", directory, sample, sample.all(), SUPER_SEED);
        var first = peer("b", new BitSet()).knows(seeder)) {
      first.awaitCompletion();
      try (var other = peer("c", new BitSet()).knows(first)) {
        other.awaitCompletion();
        assertThat(first.torrent.stats().uploaded()).isPositive();
      }
    }
  }

  private TestPeer peer(String host, BitSet held) throws Exception {
    return TestPeer.on(host, directory, sample, held, TorrentOptions.defaults());
  }
}
