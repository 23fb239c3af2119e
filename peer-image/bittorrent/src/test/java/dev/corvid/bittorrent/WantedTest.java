package dev.corvid.bittorrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WantedTest {
  private static final int PIECES = 200;
  private static final int PEERS = 8;

  @Test
  void choosesOneOfTheRarestWhateverHappenedBefore() {
    for (var seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var wanted = new Wanted(PIECES, PEERS);
      var model = new BitSet();
      var available = new int[PIECES];
      for (var step = 0; step < 3000; step++) {
        var piece = random.nextInt(PIECES);
        switch (random.nextInt(5)) {
          case 0 -> {
            wanted.add(piece);
            model.set(piece);
          }
          case 1 -> {
            wanted.remove(piece);
            model.clear(piece);
          }
          case 2 -> {
            if (available[piece] < PEERS) {
              wanted.announced(piece);
              available[piece]++;
            }
          }
          case 3 -> {
            if (available[piece] > 0) {
              wanted.withdrawn(piece);
              available[piece]--;
            }
          }
          default -> {
            var has = new BitSet();
            for (var i = 0; i < 60; i++) has.set(random.nextInt(PIECES));
            var least = has.stream().filter(model::get).map(p -> available[p]).min();
            var chosen = wanted.choose(has, random);
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
    var wanted = new Wanted(4, PEERS);
    for (var piece = 0; piece < 4; piece++) wanted.add(piece);
    for (var piece = 0; piece < 3; piece++) wanted.announced(piece);
    wanted.urgent(1, 2);
    wanted.remove(2);
    wanted.addBegun(2);
    var all = new BitSet();
    all.set(0, 4);

    for (var expected : new int[] {2, 1, 3, 0}) {
      var chosen = wanted.choose(all, new Random(1));
      assertThat(chosen).isEqualTo(expected);
      wanted.remove(chosen);
    }
  }
}
