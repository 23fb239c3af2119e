package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.ConditionType;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.Given;
import dev.corvid.reference.Page;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which changes of conditions become Events of a release, by trying each. */
class EventsReferenceTest {
  @Test
  void thePageHasEveryEvent() throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (ConditionType type : ConditionType.values()) {
      for (String kind : List.of("Normal", "Warning")) {
        String reasons =
            changes(type)
                .filter(change -> isTold(change) && ConditionEvents.type(change).equals(kind))
                .map(change -> "`" + change.getReason() + "`")
                .collect(Collectors.joining(", "));
        if (!reasons.isEmpty()) {
          rows.add(List.of("`" + type + "`", kind, reasons));
        }
      }
    }
    new Page(
            "Events",
            "What the operator writes about a SwarmRelease, which `kubectl describe swr` shows.")
        .paragraph(
            "An Event has the reason and the message of a condition whose status or reason changed;"
                + " [reasons.md](reasons.md) says what each means and what to do. A change that was"
                + " reported before, of the same generation of the spec, is counted in its Event."
                + " There is no Event for each node or file: what happens on nodes is in [log"
                + " lines](logs.md).")
        .table(List.of("condition", "type", "reasons"), rows)
        .paragraph(
            "`NodesMatched` has one only where Ready stays True, `FullyPlaced` only where no other"
                + " condition has the same reason, and Ready none when a roll-out continues after a"
                + " pause between its waves.")
        .paragraph(
            "While the operator has no signing key, no status can be written: what refuses it is an"
                + " Event of each release that waits, also for its deletion, a Warning"
                + " `RequestRefused` or `InternalError`.")
        .isCommittedAs("events.md");
  }

  /** What the conditions of that type may become. */
  private static Stream<Condition> changes(ConditionType type) {
    Stream<Condition> shared =
        (switch (type) {
              case Ready -> Arrays.stream(Reason.values());
              case FullyPlaced -> Stream.of(Reason.PeerMissing, Reason.Progressing);
              case NodesMatched -> Stream.of(Reason.NoNodesMatched, Reason.PeerMissing);
              default -> Stream.<Reason>empty();
            })
            .map(reason -> condition(type, reason == Reason.Succeeded, reason));
    Stream<Condition> own =
        Arrays.stream(ConditionReason.values())
            .filter(reason -> reason.type() == type)
            .map(reason -> condition(type, reason != ConditionReason.NotServing, reason));
    return Stream.concat(shared, own);
  }

  private static Condition condition(ConditionType type, boolean isTrue, Enum<?> reason) {
    return new Conditions(List.of(), 1, Given.NOW)
        .add(type.name(), isTrue ? "True" : "False", reason.name(), "a message")
        .build()
        .getFirst();
  }

  /** Of a release that was Ready before, if it is not Ready that changes, and is so still. */
  private static boolean isTold(Condition change) {
    boolean ready = change.getType().equals(Conditions.READY);
    List<Condition> before =
        ready ? List.of() : List.of(condition(ConditionType.Ready, true, Reason.Succeeded));
    List<Condition> next = new ArrayList<>(before);
    next.add(change);
    return ConditionEvents.told(status(before), status(next)).contains(change);
  }

  private static SwarmReleaseStatus status(List<Condition> conditions) {
    return new SwarmReleaseStatus(
        1L, conditions, null, null, null, null, null, null, null, null, null, null, null, null);
  }
}
