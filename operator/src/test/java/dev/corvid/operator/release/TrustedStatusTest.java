package dev.corvid.operator.release;

import static dev.corvid.operator.release.Given.NEW;
import static dev.corvid.operator.release.Given.serving;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.release.status.Situation;
import dev.corvid.operator.release.step.Clocks;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrustedStatusTest {
  private static final SigningKey KEY = SigningKey.generate();

  private final TrustedStatus statuses = new TrustedStatus(() -> KEY);
  private final SwarmRelease release =
      Given.release("rollout: {waves: [{upTo: 1}, {upTo: 100%}], maxFailed: 1}");

  /** With a wave, a node that failed, and a history. */
  private SwarmReleaseStatus own() {
    var status =
        new Situation(
                "rollout: {waves: [{upTo: 1}, {upTo: 100%}], maxFailed: 1}",
                Given.selection(serving("a", NEW), Given.failed("b", NEW, Reason.InsufficientDisk)))
            .wanting()
            .status();
    return statuses.sealed(release, status);
  }

  @Test
  void believesItsOwn() {
    SwarmReleaseStatus own = own();
    standing(own);

    assertThat(statuses.isOwn(release)).isTrue();
    assertThat(statuses.of(release, new ReconcileState(Clocks.system()))).isEqualTo(own);
  }

  @Test
  void isTheSameThatTheApiServerGivesBack() {
    standing(Serialization.unmarshal(Serialization.asJson(own()), SwarmReleaseStatus.class));

    assertThat(statuses.isOwn(release)).isTrue();
  }

  @Test
  void believesNoneWithAnyFieldOfAnother() {
    Map<?, ?> own = Serialization.unmarshal(Serialization.asJson(own()), Map.class);
    List<String> changed = new ArrayList<>();

    forge(own, own, "", changed);

    assertThat(changed)
        .contains(
            "/observedGeneration",
            "/updateRevision",
            "/wave/index",
            "/failures/0/nodeName",
            "/nodes/holding",
            "/history/0/digest",
            "/history/0/result",
            "/conditions/0/status",
            "/seal");
  }

  @Test
  void believesNoneWithAFieldMore() {
    SwarmReleaseStatus own = own();
    assertThat(own.currentVersion()).isNull();
    assertThat(own.source().note()).isNull();

    for (String added :
        List.of(
            "{\"currentVersion\": \"x\"}",
            "{\"currentRevision\": \"eeeeeeeeeeee\"}",
            "{\"source\": {\"note\": \"x\"}}")) {
      Map<String, Object> forged =
          merged(
              Serialization.unmarshal(Serialization.asJson(own), Map.class),
              Serialization.unmarshal(added, Map.class));
      standing(Serialization.unmarshal(Serialization.asJson(forged), SwarmReleaseStatus.class));
      assertThat(statuses.isOwn(release)).as(added).isFalse();
    }

    standing(own.with(with(own.conditions(), "VolumeOutdated")));
    assertThat(statuses.isOwn(release)).isFalse();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> merged(Map<String, Object> one, Map<String, Object> other) {
    other.forEach(
        (key, value) ->
            one.merge(
                key,
                value,
                (a, b) ->
                    a instanceof Map && b instanceof Map
                        ? merged((Map<String, Object>) a, (Map<String, Object>) b)
                        : b));
    return one;
  }

  /** Others have their own there; they are neither the operator's nor in its way. */
  @Test
  void leavesConditionsOfOthersOut() {
    SwarmReleaseStatus own = own();

    standing(own.with(with(own.conditions(), "Approved")));

    assertThat(statuses.isOwn(release)).isTrue();
    assertThat(statuses.of(release, new ReconcileState(Clocks.system()))).isEqualTo(own);
    assertThat(TrustedStatus.standing(release)).isEqualTo(own);
  }

  private static List<Condition> with(List<Condition> conditions, String type) {
    List<Condition> all = new ArrayList<>(conditions);
    all.addFirst(
        new ConditionBuilder().withType(type).withStatus("True").withReason("Theirs").build());
    return all;
  }

  @Test
  void believesNoneOfAnotherReleaseUidOrKey() {
    SwarmReleaseStatus own = own();
    standing(own);

    release.getMetadata().setUid("33-44");
    assertThat(statuses.isOwn(release)).isFalse();
    release.getMetadata().setUid("11-22");
    release.getMetadata().setName("other");
    assertThat(statuses.isOwn(release)).isFalse();
    release.getMetadata().setName("model");
    assertThat(new TrustedStatus(SigningKey::generate).isOwn(release)).isFalse();
    assertThat(statuses.isOwn(release)).isTrue();
  }

  @Test
  void remembersItsOwnWhateverStandsThere() {
    var reconcileState = new ReconcileState(Clocks.system());
    standing(own());
    SwarmReleaseStatus own = statuses.of(release, reconcileState);

    standing(SwarmReleaseStatus.empty());

    assertThat(statuses.of(release, reconcileState)).isEqualTo(own);
  }

  @Test
  void startsFromNothingWhereNoneIsBelieved() {
    standing(own().sealed("f".repeat(64)));

    assertThat(statuses.of(release, new ReconcileState(Clocks.system())))
        .isEqualTo(SwarmReleaseStatus.empty());
    standing(null);
    assertThat(statuses.of(release, new ReconcileState(Clocks.system())))
        .isEqualTo(SwarmReleaseStatus.empty());
  }

  private void standing(SwarmReleaseStatus status) {
    release.setStatus(status);
  }

  /** Changes each value in turn, puts it back, and names what was changed. */
  @SuppressWarnings("unchecked")
  private void forge(Object whole, Object part, String path, List<String> changed) {
    if (part instanceof Map<?, ?> map) {
      for (var entry : ((Map<String, Object>) map).entrySet()) {
        Object before = entry.getValue();
        Object other = other(before);
        if (other == null) {
          forge(whole, before, path + "/" + entry.getKey(), changed);
          continue;
        }
        entry.setValue(other);
        standing(Serialization.unmarshal(Serialization.asJson(whole), SwarmReleaseStatus.class));
        assertThat(statuses.isOwn(release)).as(path + "/" + entry.getKey()).isFalse();
        entry.setValue(before);
        changed.add(path + "/" + entry.getKey());
      }
    } else if (part instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        forge(whole, list.get(i), path + "/" + i, changed);
      }
    }
  }

  private static Object other(Object value) {
    return switch (value) {
      case String text -> text.replaceFirst("^.", text.startsWith("f") ? "e" : "f");
      case Number number -> number.intValue() + 1;
      default -> null;
    };
  }
}
