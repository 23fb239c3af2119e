package dev.corvid.operator.release.status;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.release.rollout.IgnoredAnnotation;
import dev.corvid.operator.release.step.ApiRefusal;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.operator.release.step.ReconcileTime;
import dev.corvid.wire.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events, one for each transition of a condition that a person would ask about: never one for each
 * node or file. A transition that was told before, of the same spec, is counted in its Event.
 */
public final class ConditionEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ConditionEvents.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final int MAX_NOTE = 1024;

  /** Of no condition: its Events are a series of their own. */
  private static final String WAITING = "Waiting";

  private final KubernetesClient client;
  private final String instance;

  /**
   * @param instance of the operator: its pod's name
   */
  public ConditionEvents(KubernetesClient client, String instance) {
    this.client = client;
    this.instance = instance;
  }

  /** Tells of these conditions; an Event that cannot be written stops nothing. */
  public void tell(
      SwarmRelease release, List<Condition> news, EventSeries series, ReconcileTime now) {
    for (Condition condition : news) {
      try {
        if (!isCounted(release, condition, series, now)) {
          Event event = event(release, condition, now.wall());
          String name =
              client.events().v1().events().resource(event).create().getMetadata().getName();
          series.put(condition, new EventSeries.Told(name, 1, now.uptime()));
        }
      } catch (KubernetesClientException e) {
        LOG.warn("An Event could not be written: {}", ApiRefusal.words(e));
      }
    }
  }

  /** Tells what keeps a release from having a status, once for as long as that Event is there. */
  public void tellWaiting(
      SwarmRelease release, Problem problem, EventSeries series, ReconcileTime now) {
    String what = release.isMarkedForDeletion() ? "the deletion" : "the release";
    List<Condition> waiting =
        new Conditions(List.of(), release.getMetadata().getGeneration(), now.wall())
            .add(WAITING, "False", problem.reason().name(), what + " waits: " + problem.message())
            .build();
    if (series.of(waiting.getFirst(), now.uptime()).isEmpty()) {
      tell(release, waiting, series, now);
    }
  }

  /** Whether it became one more of a series: an Event of it is still there. */
  private boolean isCounted(
      SwarmRelease release, Condition condition, EventSeries series, ReconcileTime now) {
    Optional<EventSeries.Told> known = series.of(condition, now.uptime());
    if (known.isEmpty()) {
      return false;
    }
    EventSeries.Told again = known.get().again(now.uptime());
    String patch =
        "{\"series\":{\"count\":%d,\"lastObservedTime\":\"%s\"}}"
            .formatted(again.count(), MICROS.format(now.wall()));
    try {
      client
          .events()
          .v1()
          .events()
          .inNamespace(release.getMetadata().getNamespace())
          .withName(again.name())
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      series.put(condition, again);
      return true;
    } catch (KubernetesClientException e) {
      series.forget(condition); // it expired, or was deleted, or may not be changed
      return false;
    }
  }

  /** The conditions of which somebody should hear. */
  public static List<Condition> told(SwarmReleaseStatus before, SwarmReleaseStatus next) {
    List<Condition> told = new ArrayList<>();
    changed(before, next, Conditions.READY)
        .filter(ready -> !isStepOfWaves(before, ready))
        .ifPresent(told::add);
    changed(before, next, Conditions.FULLY_PLACED)
        .filter(ConditionEvents::isPeerMissing)
        .filter(
            condition ->
                // That no node at all is to run a peer is told of Ready, or of NodesMatched.
                Conditions.find(next.conditions(), Conditions.NODES_MATCHED)
                    .filter(ConditionEvents::isPeerMissing)
                    .isEmpty())
        .ifPresent(told::add);
    changed(before, next, Conditions.NODES_MATCHED)
        .filter(condition -> "False".equals(condition.getStatus()))
        .filter(condition -> isReady(before) && isReady(next))
        .ifPresent(told::add);
    for (String type : Conditions.HELD) {
      changed(before, next, type).filter(held -> !isForNow(held)).ifPresent(told::add);
    }
    return told;
  }

  private static boolean isPeerMissing(Condition condition) {
    return Reason.PeerMissing.name().equals(condition.getReason());
  }

  private static boolean isReady(SwarmReleaseStatus status) {
    return Conditions.find(status.conditions(), Conditions.READY)
        .filter(ready -> "True".equals(ready.getStatus()))
        .isPresent();
  }

  /** A roll-out that continues after a pause is no news; that it waits for somebody is. */
  private static boolean isStepOfWaves(SwarmReleaseStatus before, Condition ready) {
    return Reason.Progressing.name().equals(ready.getReason())
        && Conditions.find(before.conditions(), Conditions.READY)
            .filter(known -> Reason.Paused.name().equals(known.getReason()))
            .filter(known -> known.getObservedGeneration().equals(ready.getObservedGeneration()))
            .isPresent();
  }

  /** An approval may come before what it is for. */
  private static boolean isForNow(Condition held) {
    return IgnoredAnnotation.UNKNOWN_REVISION.equals(held.getReason());
  }

  private static Optional<Condition> changed(
      SwarmReleaseStatus before, SwarmReleaseStatus next, String type) {
    return Conditions.changed(before.conditions(), next.conditions(), type);
  }

  /** As much of a message as the API server takes, which counts bytes. */
  private static String note(String message) {
    var text = CharBuffer.wrap(message);
    StandardCharsets.UTF_8.newEncoder().encode(text, ByteBuffer.allocate(MAX_NOTE), true);
    return message.substring(0, text.position());
  }

  /** Of the Event: whether it is good news. */
  static String type(Condition condition) {
    boolean good =
        ("True".equals(condition.getStatus()) && !Conditions.HELD.contains(condition.getType()))
            || Conditions.NODES_MATCHED.equals(condition.getType())
            || Reason.Progressing.name().equals(condition.getReason())
            || Reason.Paused.name().equals(condition.getReason())
            || Reason.Suspended.name().equals(condition.getReason())
            || Reason.Deleting.name().equals(condition.getReason());
    return good ? "Normal" : "Warning";
  }

  private Event event(SwarmRelease release, Condition condition, Instant now) {
    return new EventBuilder()
        .withNewMetadata()
        .withGenerateName(release.getMetadata().getName() + "-")
        .withNamespace(release.getMetadata().getNamespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withType(type(condition))
        .withAction("Reconcile")
        .withReason(condition.getReason())
        .withNote(note(condition.getMessage()))
        .withReportingController("corvid.dev/operator")
        .withReportingInstance(instance)
        .withNewRegarding()
        .withApiVersion(release.getApiVersion())
        .withKind(release.getKind())
        .withNamespace(release.getMetadata().getNamespace())
        .withName(release.getMetadata().getName())
        .withUid(release.getMetadata().getUid())
        .endRegarding()
        .build();
  }
}
