package dev.corvid.e2e.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.Grant.Action;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.node.NodeAssignments;
import dev.corvid.wire.node.NodePoll;
import dev.corvid.wire.node.NodeReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrackerSessionTest {
  private static final Content CONTENT = PlayedSeeder.content("https://a/1.tar");

  private final TrackerSession session = new TrackerSession(_ -> 0);
  private final Holding holding = holding();

  @Test
  void beginsWithEverything() {
    var poll = session.poll(reports(0));

    assertThat(poll.full()).isTrue();
    assertThat(poll.reports()).hasSize(1);
    assertThat(session.isSynced()).isFalse();

    session.answered(poll, slice(7, null));

    assertThat(session.isSynced()).isTrue();
    assertThat(session.poll(reports(0)))
        .isEqualTo(new NodePoll(poll.session(), 7, 6881, false, List.of(), null));
  }

  @Test
  void holdsASliceWhenItsLastPartIsThere() {
    session.answered(session.poll(List.of()), slice(7, "b"));
    var second = session.poll(List.of());
    assertThat(second.from()).isEqualTo("b");
    assertThat(second.sequence()).isZero();

    session.answered(second, slice(9, null));

    assertThat(session.poll(List.of()).from()).isNull();
    assertThat(session.poll(List.of()).sequence()).isEqualTo(7);
  }

  @Test
  void reportsAStateAtOnceAndFiguresApart() {
    session.answered(session.poll(reports(0)), slice(1, null));
    assertThat(session.hasNews(reports(0), 0)).isFalse();

    var state = session.next(reports(1), seconds(1)).orElseThrow();
    assertThat(state.reports().getFirst().state()).isEqualTo(NodeReport.State.DOWNLOADING);
    session.accepted(state);

    assertThat(session.hasNews(reports(2), seconds(2))).isFalse();
    assertThat(session.next(reports(2), seconds(11))).isPresent();
  }

  @Test
  void whatWasNotAcceptedIsReportedAgain() {
    session.answered(session.poll(reports(0)), slice(1, null));
    var lost = session.next(reports(1), seconds(1)).orElseThrow();

    var again = session.next(reports(1), seconds(1)).orElseThrow();
    session.accepted(lost); // late, and of an earlier turn

    assertThat(again.turn().number()).isEqualTo(lost.turn().number() + 1);
    assertThat(session.hasNews(reports(1), seconds(1))).isTrue();
  }

  @Test
  void endsWithItsOwnNameOnly() {
    var poll = session.poll(List.of());
    session.answered(poll, slice(3, null));

    assertThat(session.end("another")).isFalse();
    assertThat(session.end(poll.session())).isTrue();
    assertThat(session.end(poll.session())).isFalse();
    assertThat(session.poll(List.of()).full()).isTrue();
    assertThat(session.poll(List.of()).sequence()).isZero();
  }

  private List<NodeReport> reports(double second) {
    holding.advance(seconds(second));
    return List.of(holding.report(seconds(second)));
  }

  private static NodeAssignments slice(long sequence, String next) {
    return new NodeAssignments("tracker", sequence, "", List.of(), next);
  }

  private static long seconds(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  private static Holding holding() {
    var grant =
        new Grant(
            "1-2",
            new ReleaseName("search", "model"),
            null,
            "default",
            1,
            0,
            1,
            Action.ACTIVATE,
            CONTENT,
            CONTENT.infoHash(),
            List.of(CONTENT.manifestDigest()),
            DeletionPolicy.DELETE,
            List.of("node"));
    return new Holding(grant, Temper.of(Temper.Kind.WELL, Duration.ofSeconds(30)), 0);
  }
}
