package dev.corvid.operator.release.record;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.Given;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.Publication;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

public class RevisionHistoryTest {
  private final RevisionHistory old =
      new RevisionHistory(List.of(Given.revision(OLD, "sha256:old")));
  private final Publication publication =
      Publication.prove(
          "11-22", "sha256:new", TestCluster.digest("bytes"), NEW, 1, "key".getBytes());

  @Test
  void putsWhatWasPublishedFirst() {
    RevisionHistory history = old.published(publication, "1.0", NOW);

    assertThat(history.revisions())
        .extracting(ReleaseRevision::revision)
        .containsExactly(NEW.revision(), OLD.revision());
    assertThat(history.revisions())
        .extracting(ReleaseRevision::result)
        .containsExactly(RevisionHistory.PROGRESSING, RevisionHistory.SUPERSEDED);
    assertThat(history.latest().orElseThrow().content()).isEqualTo(NEW);
  }

  @Test
  void findsARevertedSourceAndPutsItFirstAgain() {
    RevisionHistory history = old.published(publication, "1.0", NOW);

    RevisionHistory reverted = history.wanting(history.from("sha256:old").orElseThrow(), NOW);

    assertThat(reverted.revisions())
        .extracting(ReleaseRevision::revision)
        .containsExactly(OLD.revision(), NEW.revision());
    assertThat(reverted.earlierDigests()).containsExactly(NEW.manifestDigest());
  }

  @Test
  void hasOneEntryForOneContentWhateverItsSource() {
    Publication same =
        Publication.prove(
            "11-22", "sha256:elsewhere", TestCluster.digest("bytes"), OLD, 1, "key".getBytes());

    RevisionHistory history = old.published(publication, "1.0", NOW).published(same, null, NOW);

    assertThat(history.revisions())
        .extracting(ReleaseRevision::revision)
        .containsExactly(OLD.revision(), NEW.revision());
    assertThat(history.latest().orElseThrow().sourceHash()).isEqualTo("sha256:elsewhere");
    assertThat(old.published(same, null, NOW).limited(0, current(OLD)).revisions()).hasSize(1);
  }

  @Test
  void isTheSameWhenNothingElseIsWanted() {
    assertThat(old.wanting(Given.revision(OLD, "sha256:old"), NOW.plusSeconds(1))).isSameAs(old);
  }

  @Test
  void callsTheWantedRevisionByItsVersion() {
    RevisionHistory history = old.published(publication, "1.0", NOW).named("1.1");

    assertThat(history.revisions())
        .extracting(ReleaseRevision::version)
        .containsExactly("1.1", null);
    assertThat(history.named("1.1")).isSameAs(history);
    assertThat(history.completed(NOW).named("1.2").latest().orElseThrow())
        .satisfies(latest -> assertThat(latest.version()).isEqualTo("1.2"))
        .satisfies(latest -> assertThat(latest.completionTime()).isEqualTo(NOW.toString()));
  }

  /** So a revision is found by its name where the status was lost. */
  @Test
  void recordsANewNameAnew() {
    RevisionHistory history = old.published(publication, "1.0", NOW);
    RecordedRevision published = history.latest().orElseThrow().recorded();

    RecordedRevision renamed = history.named("1.1").latest().orElseThrow().recorded();

    assertThat(renamed).isEqualTo(published.named(published.number() + 1, "1.1"));
    assertThat(renamed.isSame(published)).isTrue();
    assertThat(RevisionHistory.of(List.of(renamed, published), SwarmReleaseStatus.empty()).latest())
        .map(ReleaseRevision::version)
        .contains("1.1");
  }

  /** Copies of what it recorded once, which somebody kept and put back. */
  @Test
  void isNoLongerThanAStatusMayShow() {
    List<RecordedRevision> records =
        IntStream.range(0, 50)
            .mapToObj(i -> Given.recorded(i, TestCluster.content("c" + i), "sha256:" + i))
            .toList();
    var shown = RevisionHistory.of(records.subList(0, 1), SwarmReleaseStatus.empty());

    RevisionHistory history = RevisionHistory.of(records, summary(null, shown));

    assertThat(history.revisions()).hasSize(RevisionHistory.MOST);
    assertThat(history.latest().orElseThrow().recorded()).isEqualTo(records.getFirst());
    assertThat(history.revisions().get(1).recorded()).isEqualTo(records.getLast());
    assertThat(history.limited(0, SwarmReleaseStatus.empty()).revisions())
        .hasSize(RevisionHistory.MOST);
  }

  @Test
  void notesCompletionOnce() {
    RevisionHistory completed = old.completed(NOW);

    assertThat(completed.revisions().getFirst().completionTime()).isEqualTo(NOW.toString());
    assertThat(completed.completed(NOW.plusSeconds(5))).isSameAs(completed);
  }

  @Test
  void forgetsTheOldest() {
    assertThat(
            old.published(publication, "1.0", NOW)
                .limited(0, SwarmReleaseStatus.empty())
                .revisions())
        .hasSize(1);
  }

  @Test
  void neverForgetsWhatIsActiveEverywhere() {
    var half = old.published(publication, "1.0", NOW);

    assertThat(half.limited(0, current(OLD)).revisions())
        .extracting(ReleaseRevision::revision)
        .containsExactly(NEW.revision(), OLD.revision());
  }

  /** Where the status was lost, any of those that are recorded may be active everywhere. */
  @Test
  void forgetsNothingWhileNobodyKnowsWhatIsActiveEverywhere() {
    var records =
        List.of(Given.recorded(1, OLD, "sha256:old"), Given.recorded(2, NEW, "sha256:new"));
    var lost = SwarmReleaseStatus.empty();
    RevisionHistory found = RevisionHistory.of(records, lost);
    RevisionHistory begun = found.wanting(found.latest().orElseThrow(), NOW);

    assertThat(found.limited(0, lost)).isEqualTo(found);
    assertThat(begun.limited(0, lost).revisions()).hasSize(2);
    assertThat(RevisionHistory.of(records, summary(null, begun)).limited(0, summary(null, begun)))
        .as("as the next look finds it")
        .isEqualTo(begun);
    assertThat(begun.completed(NOW).limited(0, current(NEW)).revisions()).hasSize(1);
  }

  /** A status that names what is active everywhere. */
  private static SwarmReleaseStatus current(Content content) {
    return summary(content.revision(), new RevisionHistory(List.of()));
  }

  public static SwarmReleaseStatus summary(String current, RevisionHistory history) {
    return new SwarmReleaseStatus(
        null,
        null,
        null,
        current,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        history.summary(),
        null);
  }
}
