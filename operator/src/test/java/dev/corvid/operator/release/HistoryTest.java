package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.NOW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.testing.TestCluster;
import dev.corvid.wire.Content;
import dev.corvid.wire.Publication;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private final History old = new History(List.of(Given.revision(OLD, "sha256:old")));
  private final Publication publication =
      Publication.prove(
          "11-22", "sha256:new", TestCluster.digest("bytes"), NEW, 1, "key".getBytes());

  @Test
  void putsWhatWasPublishedFirst() {
    History history = old.published(publication, "1.0", NOW);

    assertThat(history.revisions())
        .extracting(Revision::revision)
        .containsExactly(NEW.revision(), OLD.revision());
    assertThat(history.revisions())
        .extracting(Revision::result)
        .containsExactly(History.PROGRESSING, History.SUPERSEDED);
    assertThat(history.latest().orElseThrow().content()).isEqualTo(NEW);
  }

  @Test
  void findsARevertedSourceAndPutsItFirstAgain() {
    History history = old.published(publication, "1.0", NOW);

    History reverted = history.wanting(history.from("sha256:old").orElseThrow(), NOW);

    assertThat(reverted.revisions())
        .extracting(Revision::revision)
        .containsExactly(OLD.revision(), NEW.revision());
    assertThat(reverted.earlierDigests()).containsExactly(NEW.manifestDigest());
  }

  @Test
  void hasOneEntryForOneContentWhateverItsSource() {
    Publication same =
        Publication.prove(
            "11-22", "sha256:elsewhere", TestCluster.digest("bytes"), OLD, 1, "key".getBytes());

    History history = old.published(publication, "1.0", NOW).published(same, null, NOW);

    assertThat(history.revisions())
        .extracting(Revision::revision)
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
    History history = old.published(publication, "1.0", NOW).named("1.1");

    assertThat(history.revisions()).extracting(Revision::version).containsExactly("1.1", null);
    assertThat(history.named("1.1")).isSameAs(history);
    assertThat(history.completed(NOW).named("1.2").latest().orElseThrow())
        .satisfies(latest -> assertThat(latest.version()).isEqualTo("1.2"))
        .satisfies(latest -> assertThat(latest.completionTime()).isEqualTo(NOW.toString()));
  }

  @Test
  void notesCompletionOnce() {
    History completed = old.completed(NOW);

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
        .extracting(Revision::revision)
        .containsExactly(NEW.revision(), OLD.revision());
  }

  /** A status that names what is active everywhere. */
  private static SwarmReleaseStatus current(Content content) {
    return new SwarmReleaseStatus(
        null,
        null,
        null,
        content.revision(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
