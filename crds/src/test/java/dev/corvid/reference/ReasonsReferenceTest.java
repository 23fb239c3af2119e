package dev.corvid.reference;

import dev.corvid.api.v1alpha1.ConditionReason;
import dev.corvid.api.v1alpha1.ConditionType;
import dev.corvid.wire.Reason;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonsReferenceTest {
  @Test
  void thePageHasEveryConditionAndEveryReason() throws IOException {
    new Page(
            "Conditions and reasons",
            "What `status.conditions` of a SwarmRelease says. [operations.md](../operations.md#when-a-release-does-not-move) has the commands that show it,"
                + " [events.md](events.md) the Events.")
        .heading(2, "Conditions")
        .table(
            List.of("condition", "what it says while it is True"),
            Arrays.stream(ConditionType.values())
                .map(type -> List.of(code(type), type.meaning()))
                .toList())
        .heading(2, "Reasons of Ready")
        .paragraph(
            "`Reconciling` and `Stalled` have the reason of `Ready`; `Available`, `FullyPlaced` and `NodesMatched` may have one of these, too.")
        .table(
            List.of("reason", "what it means", "what to do"),
            Arrays.stream(Reason.values())
                .map(reason -> List.of(code(reason), reason.meaning(), reason.remedy()))
                .toList())
        .heading(2, "Reasons of other conditions")
        .table(
            List.of("condition", "reason", "what it means", "what to do"),
            Arrays.stream(ConditionReason.values())
                .map(
                    reason ->
                        List.of(
                            code(reason.type()), code(reason), reason.meaning(), reason.remedy()))
                .toList())
        .isCommittedAs("reasons.md");
  }

  private static String code(Enum<?> constant) {
    return "`" + constant.name() + "`";
  }
}
