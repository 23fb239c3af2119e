package dev.corvid.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.fleet.Temper.Kind;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeReport.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HoldingTest {
  private static final Duration DOWNLOAD = Duration.ofSeconds(3);
  private static final Content ONE = PlayedSeeder.content("https://a/1.tar");
  private static final Content TWO = PlayedSeeder.content("https://a/2.tar");

  @Test
  void downloadsVerifiesAndActivates() {
    var holding = new Holding(grant(1, Action.ACTIVATE, ONE), temper(Kind.WELL), 0);

    assertThat(holding.report(0).state()).isEqualTo(State.WAITING);
    assertThat(at(holding, 1.7)).isEqualTo(State.DOWNLOADING);
    assertThat(holding.report(seconds(1.7)).bytesDone()).isEqualTo(ONE.sizeBytes() / 2);
    assertThat(at(holding, 3.3)).isEqualTo(State.VERIFYING);
    assertThat(at(holding, 3.6)).isEqualTo(State.ACTIVE);
    assertThat(holding.serves(ONE.manifestDigest())).isTrue();
  }

  @Test
  void holdsWithoutActivatingAndSwitchesAtOnce() {
    var holding = new Holding(grant(1, Action.ACTIVATE, ONE), temper(Kind.WELL), 0);
    at(holding, 10);

    holding.obey(grant(2, Action.HOLD, TWO), seconds(10));
    assertThat(at(holding, 20)).isEqualTo(State.VERIFIED);
    assertThat(holding.serves(ONE.manifestDigest())).isTrue();

    holding.obey(grant(3, Action.ACTIVATE, TWO), seconds(20));
    assertThat(holding.report(seconds(20)).state()).isEqualTo(State.ACTIVE);
  }

  @Test
  void failsAgainAndAgainUntilItIsWell() {
    var holding = new Holding(grant(1, Action.ACTIVATE, ONE), temper(Kind.FAILING), 0);

    assertThat(at(holding, 1.3)).isEqualTo(State.FAILED);
    assertThat(at(holding, 7.3)).isEqualTo(State.FAILED);
    assertThat(holding.report(seconds(7.3)).failures()).isEqualTo(2);

    holding.become(temper(Kind.WELL));
    assertThat(at(holding, 20)).isEqualTo(State.ACTIVE);
  }

  @Test
  void obeysNoOlderGrant() {
    var holding = new Holding(grant(5, Action.ACTIVATE, ONE), temper(Kind.WELL), 0);

    holding.obey(grant(4, Action.REMOVE, null), seconds(1));

    assertThat(holding.isRemoved()).isFalse();
  }

  private static State at(Holding holding, double second) {
    holding.advance(seconds(second));
    return holding.report(seconds(second)).state();
  }

  private static long seconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  private static Temper temper(Kind kind) {
    return Temper.of(kind, DOWNLOAD);
  }

  private static Grant grant(long epoch, Action action, Content content) {
    return new Grant(
        "1-2",
        new ReleaseName("search", "model"),
        null,
        "default",
        1,
        0,
        epoch,
        action,
        content,
        content == null ? null : content.infoHash(),
        List.of(ONE.manifestDigest()),
        DeletionPolicy.DELETE,
        List.of("node"));
  }
}
