package dev.corvid.node.release;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.node.release.Stage.Kind;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of stages, against the table as it is drawn here. */
class StageTest {
  /** A row for each stage, a column for each that may follow, both in the order of the enum. */
  private static final Map<Kind, String> TABLE =
      Map.of(
          //                iwdvrhafr
          Kind.IDLE, "       .#..#####",
          Kind.WAITING, "    .########",
          Kind.DOWNLOADING, ".#.######",
          Kind.VERIFYING, "  .#...###.",
          Kind.REPAIRING, "  .#..#####",
          Kind.HELD, "       .#..#####",
          Kind.ACTIVE, "     .#..#####",
          Kind.FAILED, "     .#..#####",
          Kind.REMOVED, "    .#..#####");

  static Stream<Arguments> pairs() {
    return Arrays.stream(Kind.values())
        .flatMap(from -> Arrays.stream(Kind.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void allowsWhatTheTableHasAndNamesBothStagesOfEverythingElse(Kind from, Kind to) {
    if (TABLE.get(from).strip().charAt(to.ordinal()) == '#') {
      assertThatCode(() -> from.requireNext(to)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> from.requireNext(to))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(from.name())
          .hasMessageContaining(to.name());
    }
  }
}
