package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.ConditionType;
import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** metav1 conditions under construction: the time of the last transition is carried over. */
public final class Conditions {
  public static final String READY = ConditionType.Ready.name();
  static final String AVAILABLE = ConditionType.Available.name();
  static final String FULLY_PLACED = ConditionType.FullyPlaced.name();
  static final String RECONCILING = ConditionType.Reconciling.name();
  static final String STALLED = ConditionType.Stalled.name();
  static final String NODES_MATCHED = ConditionType.NodesMatched.name();
  static final String REMOVAL_HELD = ConditionType.RemovalHeld.name();
  static final String VOLUME_OUTDATED = ConditionType.VolumeOutdated.name();
  static final String ANNOTATION_IGNORED = ConditionType.AnnotationIgnored.name();

  /** There only while something waits for a person, with an Event. */
  static final List<String> HELD = List.of(REMOVAL_HELD, VOLUME_OUTDATED, ANNOTATION_IGNORED);

  /** All that the operator writes; a condition of another type is somebody else's. */
  public static final List<String> TYPES =
      Stream.of(ConditionType.values()).map(Enum::name).toList();

  private static final int MAX_MESSAGE = 1024;

  private final List<Condition> before;
  private final long generation;
  private final String now;
  private final List<Condition> all = new ArrayList<>();

  public Conditions(List<Condition> before, long generation, Instant now) {
    this.before = before;
    this.generation = generation;
    this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(condition -> type.equals(condition.getType())).findFirst();
  }

  /** The condition of that type, if its status or reason is another one now. */
  static Optional<Condition> changed(List<Condition> before, List<Condition> next, String type) {
    Optional<Condition> known = find(before, type);
    return find(next, type)
        .filter(
            condition ->
                known.isEmpty()
                    || !known.get().getStatus().equals(condition.getStatus())
                    || !known.get().getReason().equals(condition.getReason()));
  }

  public Conditions add(String type, String status, String reason, String message) {
    String since =
        find(before, type)
            .filter(known -> status.equals(known.getStatus()))
            .map(Condition::getLastTransitionTime)
            .orElse(now);
    all.add(
        new ConditionBuilder()
            .withType(type)
            .withStatus(status)
            .withReason(reason)
            .withMessage(Printable.text(message, MAX_MESSAGE))
            .withLastTransitionTime(since)
            .withObservedGeneration(generation)
            .build());
    return this;
  }

  /** With the one of that type as it was, if there was one. */
  void carry(String type) {
    find(before, type)
        .ifPresent(c -> add(c.getType(), c.getStatus(), c.getReason(), c.getMessage()));
  }

  public List<Condition> build() {
    return List.copyOf(all);
  }
}
