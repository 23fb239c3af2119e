package dev.corvid.store.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.Wire;
import dev.corvid.wire.grant.Rank;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseStateTest {
  /** Else every look at the record would end in an exception, and the node would obey no grant. */
  @ParameterizedTest
  @CsvSource({
    "9007199254740993, 9007199254740993, 9007199254740992, 9007199254740992",
    "9223372036854775807, 5, 9007199254740992, 5",
    "-1, -9223372036854775808, 0, 0"
  })
  void aRecordsRankIsWithinItsBounds(long reign, long epoch, long readReign, long readEpoch)
      throws Exception {
    String text =
        """
        {"version": 1, "release": {"namespace": "search", "name": "model"}, "reign": %d, "epoch": %d}
        """
            .formatted(reign, epoch);

    var state = Wire.decode(text.getBytes(StandardCharsets.UTF_8), ReleaseState.class);

    assertThat(state.rank()).isEqualTo(new Rank(readReign, readEpoch));
  }

  /** Else the node's reports could not be put together. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "uid\\u0000",
        "uid of more than sixty-four characters, which no release in a cluster has"
      })
  void aRecordsUidCanBeReportedOrIsNotKnown(String uid) throws Exception {
    String text =
        """
        {"version": 1, "release": {"namespace": "search", "name": "model"}, "releaseUid": "%s"}
        """
            .formatted(uid);

    var state = Wire.decode(text.getBytes(StandardCharsets.UTF_8), ReleaseState.class);

    assertThat(state.releaseUid()).isNull();
  }
}
