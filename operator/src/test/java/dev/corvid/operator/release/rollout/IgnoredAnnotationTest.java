package dev.corvid.operator.release.rollout;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.OLD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.operator.release.Given;
import dev.corvid.operator.release.record.ReleaseRevision;
import dev.corvid.operator.release.record.RevisionHistory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Annotations that change nothing are told of, and others are not. */
class IgnoredAnnotationTest {
  private static final String WAVES =
      "rollout: {waves: [{name: canary, upTo: 1, pause: {untilApproved: true}}, {name: half, upTo:"
          + " 50%, pause: {duration: 1m}}, {upTo: 100%}]}";

  @Test
  void isToldOfNoAnnotationThatMeansSomething() {
    assertThat(ignored(Map.of())).isEmpty();
    for (String value : List.of("true", "false")) {
      assertThat(ignored(Map.of("corvid.dev/hold", value))).isEmpty();
    }
    for (String value :
        List.of(
            NEW.revision(),
            NEW.revision() + "/canary",
            NEW.manifestDigest().substring(7) + "/canary",
            OLD.revision(),
            OLD.revision() + "/wave-that-was")) {
      assertThat(ignored(Map.of("corvid.dev/approve", value))).as(value).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yes", "True", "true ", "1"})
  void namesAHoldThatIsNone(String value) {
    assertThat(ignored(Map.of("corvid.dev/hold", value)))
        .contains(
            new IgnoredAnnotation(
                "Malformed",
                "the annotation corvid.dev/hold has the invalid value \"%s\"; set it to true or false"
                    .formatted(value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "true", "sha256:0123456789ab", "0123456789a", "0123456789ab/A", "/"})
  void namesAnApprovalOfAnotherForm(String value) {
    var ignored = ignored(Map.of("corvid.dev/approve", value)).orElseThrow();

    assertThat(ignored.reason()).isEqualTo("Malformed");
    assertThat(ignored.message())
        .startsWith("the annotation corvid.dev/approve has the invalid value \"" + value + "\"; ")
        .contains("REVISION/WAVE");
  }

  @Test
  void showsTheBeginningOfALongValueAndNothingThatSteersATerminal() {
    var ignored = ignored(Map.of("corvid.dev/approve", "\u001b[2J" + "x".repeat(100_000)));

    assertThat(ignored.orElseThrow().message())
        .startsWith("the annotation corvid.dev/approve has the invalid value \"\\u001b[2Jxxxx")
        .contains("xxx…\"")
        .hasSizeLessThan(300);
  }

  @Test
  void namesARevisionThatIsNotKnown() {
    assertThat(ignored(Map.of("corvid.dev/approve", "0123456789ab/canary")))
        .contains(
            new IgnoredAnnotation(
                "UnknownRevision",
                "the annotation corvid.dev/approve names the revision 0123456789ab, which the release does not have; the approval takes effect when that revision is published. Known revisions: %s, %s"
                    .formatted(NEW.revision(), OLD.revision())));
  }

  @Test
  void namesAWaveWithoutAPauseToEnd() {
    for (String wave : List.of("half", "wave-3", "nowhere")) {
      assertThat(ignored(Map.of("corvid.dev/approve", NEW.revision() + "/" + wave)))
          .contains(
              new IgnoredAnnotation(
                  "UnknownWave",
                  "the annotation corvid.dev/approve names the wave %s, and none of that name in spec.rollout.waves has pause: {untilApproved: true}: canary has"
                      .formatted(wave)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"corvid.dev/allow-removal", "corvid.dev/allow-empty-wave"})
  void namesAnAllowanceOfNoGeneration(String annotation) {
    for (String value : List.of("", "true", "04", "-4", "4 ", "0", "9".repeat(30))) {
      assertThat(ignored(Map.of(annotation, value)))
          .contains(
              new IgnoredAnnotation(
                  "Malformed",
                  "the annotation %s has the invalid value \"%s\"; set it to the generation of the spec that it is for, which is 4 now"
                      .formatted(annotation, value)));
    }
    assertThat(ignored(Map.of(annotation, "5")))
        .contains(
            new IgnoredAnnotation(
                "UnknownGeneration",
                "the annotation %s is 5, but the generation of the spec is 4: set it to that one, or remove the annotation"
                    .formatted(annotation)));
    for (String value : List.of("4", "3", "1")) {
      assertThat(ignored(Map.of(annotation, value))).as(value).isEmpty();
    }
  }

  @Test
  void namesBoth() {
    var ignored =
        ignored(Map.of("corvid.dev/hold", "on", "corvid.dev/approve", "it")).orElseThrow();

    assertThat(ignored.message()).contains("corvid.dev/hold", "; ", "corvid.dev/approve");
  }

  @Test
  void anApprovalMayComeBeforeTheContentAndStayWhenNothingWaits() {
    var early = Map.of("corvid.dev/approve", "0123456789ab/canary");
    var active = Given.revision(NEW, "sha256:new").succeeded(Given.NOW);

    assertThat(ignored(early, null)).as("the content is not known").isEmpty();
    assertThat(ignored(early, active)).as("it is active on all nodes").isEmpty();
    assertThat(ignored(Map.of("corvid.dev/approve", "it"), null)).as("no approval").isPresent();
  }

  private static Optional<IgnoredAnnotation> ignored(Map<String, String> annotations) {
    return ignored(annotations, Given.revision(NEW, "sha256:new"));
  }

  private static Optional<IgnoredAnnotation> ignored(
      Map<String, String> annotations, ReleaseRevision wanted) {
    var release = Given.release(WAVES);
    release.getMetadata().setAnnotations(annotations);
    var latest = wanted == null ? Given.revision(NEW, "sha256:new") : wanted;
    return IgnoredAnnotation.of(
        Annotations.of(release),
        release.getSpec().rollout(),
        new RevisionHistory(List.of(latest, Given.revision(OLD, "sha256:old"))),
        wanted);
  }
}
