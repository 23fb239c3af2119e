package dev.corvid.operator.release.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.Rollout;
import dev.corvid.operator.release.Given;
import dev.corvid.wire.grant.Content;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of {@link Approval}, and what its messages tell a person to run. */
class ApprovalTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
  private static final String REVISION = Content.revisionOf(DIGEST);
  private static final String ANNOTATE =
      "kubectl -n search annotate swr model corvid.dev/approve=%s --overwrite --field-manager=corvid-user"
          .formatted(DIGEST.substring(7));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          approval  | field             | corvid.dev/approve   | corvid.dev/hold | baseline | may
          Automatic | -                 | -                    | -     | false | true
          Automatic | -                 | 0123456789ab/canary  | -     | false | true
          Automatic | -                 | ffffffffffff         | -     | false | true
          Automatic | -                 | -                    | true  | false | false
          Automatic | -                 | -                    | true  | true  | false
          Automatic | -                 | -                    | false | false | true
          Automatic | -                 | -                    | TRUE  | false | true
          Required  | -                 | -                    | -     | false | false
          Required  | -                 | -                    | -     | true  | true
          Required  | ffffffffffff      | 0123456789ab         | -     | true  | true
          Required  | 0123456789ab      | -                    | -     | false | true
          Required  | 0123456789ab      | -                    | true  | false | false
          Required  | 0123456789abcdef  | -                    | -     | false | true
          Required  | 0123456789abcdee  | -                    | -     | false | false
          Required  | -                 | 0123456789ab         | -     | false | true
          Required  | -                 | 0123456789ab/canary  | -     | false | true
          Required  | -                 | 0123456789ab/nowhere | -     | false | true
          Required  | -                 | 0123456789abcdef     | -     | false | true
          Required  | -                 | 0123456789abcdee     | -     | false | false
          Required  | -                 | 0123456789a          | -     | false | false
          Required  | -                 | 0123456789AB         | -     | false | false
          Required  | -                 | sha256:0123456789ab  | -     | false | false
          Required  | -                 | 0123456789ab/        | -     | false | false
          Required  | -                 | true                 | -     | false | false
          Required  | 0123456789ab      | 0123456789abcdef     | -     | false | true
          Required  | 0123456789ab      | 0123456789abcdee     | -     | false | false
          Required  | 0123456789ab      | ffffffffffff/canary  | -     | false | false
          Required  | ffffffffffff      | 0123456789ab         | -     | false | false
          Required  | ffffffffffff      | ffffffffffff         | -     | false | false
          Required  | 0123456789ab      | garbage              | -     | false | true
          """,
      useHeadersInDisplayName = true)
  void switchesWhatIsApprovedByName(
      String approval, String field, String approve, String hold, boolean baseline, boolean may) {
    assertThat(approval(approval, field, approve, hold, baseline).hold().isEmpty()).isEqualTo(may);
  }

  @Test
  void takesTheWholeDigestAndNothingLonger() {
    String hex = DIGEST.substring(7);

    assertThat(approval("Required", null, hex, null, false).hold()).isEmpty();
    assertThat(approval("Required", null, hex + "0", null, false).hold()).isPresent();
  }

  @Test
  void saysWhatToRunOrToCommit() {
    assertThat(approval("Required", null, null, null, false).hold())
        .contains(
            "0123456789ab waits for approval. To approve it: %s; or commit spec.rollout.approvedRevision: \"%s\""
                .formatted(ANNOTATE, DIGEST.substring(7)));
    assertThat(approval("Required", "ffffffffffff", null, null, false).hold())
        .contains(
            "0123456789ab waits for approval, spec.rollout.approvedRevision names ffffffffffff. To approve it, commit spec.rollout.approvedRevision: \"%s\""
                .formatted(DIGEST.substring(7)));
    assertThat(approval("Required", null, "ffffffffffff", null, false).hold().orElseThrow())
        .startsWith(
            "0123456789ab waits for approval, the annotation corvid.dev/approve names ffffffffffff."
                + " To approve it: "
                + ANNOTATE)
        .contains("annotate swr model corvid.dev/approve-)");
    assertThat(approval("Automatic", null, null, "true", false).hold())
        .contains(
            "the annotation corvid.dev/hold is true: no further node switches. To continue: kubectl"
                + " -n search annotate swr model corvid.dev/hold- (if it is in a manifest, remove"
                + " it there)");
  }

  @Test
  void namesBothWhereSpecAndAnnotationDiffer() {
    String differ =
        "spec.rollout.approvedRevision names %s and the annotation corvid.dev/approve names %s: no"
            + " further node switches until both name 0123456789ab or one is removed. To approve"
            + " it";

    assertThat(approval("Required", REVISION, "ffffffffffff", null, false).hold())
        .contains(differ.formatted(REVISION, "ffffffffffff") + ": " + ANNOTATE);
    assertThat(approval("Required", "ffffffffffff", REVISION, null, false).hold())
        .contains(
            differ.formatted("ffffffffffff", REVISION)
                + ", commit spec.rollout.approvedRevision: \"%s\"".formatted(DIGEST.substring(7)));
    assertThat(approval("Required", "ffffffffffff", "eeeeeeeeeeee", null, false).hold())
        .contains(
            differ.formatted("ffffffffffff", "eeeeeeeeeeee")
                + ", commit spec.rollout.approvedRevision: \"%s\", and run: "
                    .formatted(DIGEST.substring(7))
                + ANNOTATE);
  }

  @Test
  void releasesTheOneWaveThatIsNamed() {
    var canary = approval("Automatic", null, "0123456789ab/canary", null, false);
    var second = approval("Automatic", null, "0123456789abcdef/wave-2", null, false);

    assertThat(canary.releases(1)).isTrue();
    assertThat(canary.releases(2)).isFalse();
    assertThat(second.releases(1)).isFalse();
    assertThat(second.releases(2)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789ab",
        "0123456789ab/1",
        "0123456789ab/Canary",
        "0123456789ab/canary/",
        "0123456789ab/canary/wave-2",
        "0123456789ab/canary ",
        "ffffffffffff/canary",
        "0123456789abcdee/canary",
        "/canary",
        "canary",
        ""
      })
  void releasesNoWaveByAnythingElse(String value) {
    assertThat(approval("Automatic", null, value, null, false).releases(1)).isFalse();
    assertThat(approval("Automatic", null, value, null, false).releases(2)).isFalse();
  }

  @Test
  void saysHowToReleaseAWave() {
    assertThat(approval("Automatic", null, null, null, false).release(2))
        .isEqualTo(
            "to begin the next one: kubectl -n search annotate swr model corvid.dev/approve=%s/wave-2 --overwrite --field-manager=corvid-user; by a commit: write that annotation into the manifest, or remove spec.rollout.waves[1].pause"
                .formatted(DIGEST.substring(7)));
  }

  private static Approval approval(
      String approval, String field, String approve, String hold, boolean baseline) {
    Map<String, String> annotations = new HashMap<>();
    if (approve != null) {
      annotations.put("corvid.dev/approve", approve);
    }
    if (hold != null) {
      annotations.put("corvid.dev/hold", hold);
    }
    var release =
        Given.release(
            "rollout: {waves: [%s, %s, {upTo: 100%%}], approval: %s%s}"
                .formatted(
                    "{name: canary, upTo: 1, pause: {untilApproved: true}}",
                    "{upTo: 2, pause: {untilApproved: true}}",
                    approval,
                    field == null ? "" : ", approvedRevision: '" + field + "'"));
    release.getMetadata().setAnnotations(annotations);
    Rollout policy = release.getSpec().rollout();
    return new Approval(policy, Annotations.of(release), DIGEST, baseline);
  }
}
