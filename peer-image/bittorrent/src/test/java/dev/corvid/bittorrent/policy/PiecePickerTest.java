package dev.corvid.bittorrent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PiecePickerTest {
  private static final int PIECES = 200;
  private static final int PEERS = 8;

  @Test
  void choosesOneOfTheRarestWhateverHappenedBefore() {
    for (var seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var picker = new PiecePicker(PIECES, PEERS);
      var model = new BitSet();
      var available = new int[PIECES];
      for (var step = 0; step < 3000; step++) {
        var piece = random.nextInt(PIECES);
        switch (random.nextInt(5)) {
          case 0 -> {
            picker.add(piece);
            model.set(piece);
          }
          case 1 -> {
            picker.remove(piece);
            model.clear(piece);
          }
          case 2 -> {
            if (available[piece] < PEERS) {
              picker.announced(piece);
              available[piece]++;
            }
          }
          case 3 -> {
            if (available[piece] > 0) {
              picker.withdrawn(piece);
              available[piece]--;
            }
          }
          default -> {
            var has = new BitSet();
            for (var i = 0; i < 60; i++) {
              has.set(random.nextInt(PIECES));
            }
            var least = has.stream().filter(model::get).map(p -> available[p]).min();
            var chosen = picker.choose(has, random);
            if (least.isEmpty()) {
              assertThat(chosen).as("seed %d step %d", seed, step).isEqualTo(-1);
            } else {
              assertThat(model.get(chosen) && has.get(chosen))
                  .as("seed %d step %d", seed, step)
                  .isTrue();
              assertThat(available[chosen])
                  .as("seed %d step %d", seed, step)
                  .isEqualTo(least.getAsInt());
            }
          }
        }
      }
    }
  }

  @Test
  void finishesWhatIsBegunThenTakesTheUrgentThenTheRarest() {
    var picker = new PiecePicker(4, PEERS);
    for (var piece = 0; piece < 4; piece++) {
      picker.add(piece);
    }
    for (var piece = 0; piece < 3; piece++) {
      picker.announced(piece);
    }
    picker.urgent(1, 2);
    picker.remove(2);
    picker.addBegun(2);
    var all = new BitSet();
    all.set(0, 4);

    for (var expected : new int[] {2, 1, 3, 0}) {
      var chosen = picker.choose(all, new Random(1));
      assertThat(chosen).isEqualTo(expected);
      picker.remove(chosen);
    }
  }
}
