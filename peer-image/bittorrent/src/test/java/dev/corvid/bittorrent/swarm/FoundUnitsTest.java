package dev.corvid.bittorrent.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.bittorrent.Storage;
import dev.corvid.bittorrent.TorrentOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces of which a storage has found a part on its own. */
class FoundUnitsTest {
  private static final int PIECE = 64 << 10;
  private static final int PIECES = 20;
  private static final int MISSING_FROM = 3;
  private static final int MISSING_TO = 6;

  @TempDir Path directory;
  private final List<TestPeer> peers = new ArrayList<>();
  private Sample sample;

  @BeforeEach
  void make() throws Exception {
    sample = Sample.of(PIECES * PIECE, PIECE);
  }

  @AfterEach
  void stop() throws Exception {
    for (var peer : peers) {
      peer.close();
    }
  }

  @Test
  void onlyTheRestOfAPieceIsFetched() throws Exception {
    var peer = fetch(storage -> new Found(withTheFound(storage)));

    assertThat(sample.matches(peer.content())).isTrue();
    assertThat(peer.torrent.stats().downloaded())
        .isEqualTo((long) PIECES * (MISSING_TO - MISSING_FROM) * Storage.UNIT);
  }

  @Test
  void whatWasFoundWronglyIsFetchedAndNobodyIsToBlame() throws Exception {
    var peer = fetch(Found::new);

    assertThat(sample.matches(peer.content())).isTrue();
    assertThat(peer.torrent.stats().corruptPieces()).isEqualTo(PIECES);
    assertThat(peer.torrent.stats().bannedPeers()).isZero();
  }

  private TestPeer fetch(UnaryOperator<Storage> wrapping) throws Exception {
    var seeder = TestPeer.start(directory, sample, sample.all());
    peers.add(seeder);
    var options = TorrentOptions.defaults();
    var peer = TestPeer.start(directory, sample, sample.none(), wrapping, options);
    peers.add(peer);
    peer.knows(seeder).awaitCompletion();
    return peer;
  }

  private Storage withTheFound(Storage storage) {
    try {
      for (var piece = 0; piece < PIECES; piece++) {
        var units = Found.units();
        for (var unit = units.nextSetBit(0); unit >= 0; unit = units.nextSetBit(unit + 1)) {
          var at = piece * PIECE + unit * Storage.UNIT;
          storage.write(at, ByteBuffer.wrap(sample.bytes(), at, Storage.UNIT));
        }
      }
      return storage;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Found(Storage inner) implements ForwardingStorage {
    static BitSet units() {
      var units = new BitSet();
      units.set(0, PIECE / Storage.UNIT);
      units.clear(MISSING_FROM, MISSING_TO);
      return units;
    }

    @Override
    public BitSet present(int piece) {
      return units();
    }
  }
}
