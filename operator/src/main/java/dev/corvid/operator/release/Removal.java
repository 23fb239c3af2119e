package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseStatus;
import dev.corvid.operator.tracker.FleetView;
import dev.corvid.operator.tracker.FleetView.Contact;
import dev.corvid.operator.tracker.Ledger;
import dev.corvid.operator.tracker.ReleaseFleet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The end of a release, in this order: seeder, claim (which waits for the pods that use it),
 * volume, then the nodes. Nodes that can be reached are waited for, but never longer than {@link
 * #PATIENCE}: one that comes back later is told as soon as it reports a release that nobody knows.
 */
final class Removal {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CLAIM_CHECK = Duration.ofSeconds(10);

  private final Granting granting;
  private final Volumes volumes;
  private final Labelling labelling;
  private final FleetView view;
  private final Ledger ledger;
  private final ResourceDefinition definition;
  private final Transitions transitions;
  private final Clock clock;

  Removal(
      Granting granting,
      Volumes volumes,
      Labelling labelling,
      FleetView view,
      Ledger ledger,
      ResourceDefinition definition,
      Transitions transitions,
      Clock clock) {
    this.granting = granting;
    this.volumes = volumes;
    this.labelling = labelling;
    this.view = view;
    this.ledger = ledger;
    this.definition = definition;
    this.transitions = transitions;
    this.clock = clock;
  }

  DeleteControl apply(
      SwarmRelease release, Track track, Cluster cluster, Context<SwarmRelease> context) {
    cluster.seedersOf(release).forEach(pod -> Deletion.delete(pod, context));
    cluster.seederPlaces().leave(release.getMetadata().getUid());
    Volumes.Removed removed = volumes.remove(release, cluster, context);
    if (!removed.done()) {
      say(release, waitingForPods(release, removed.users()), context);
      return DeleteControl.noFinalizerRemoval().rescheduleAfter(CLAIM_CHECK);
    }
    if (!definition.isStanding()) {
      // All releases go because the definition goes: nobody asked for the content to be removed.
      return forget(release);
    }
    labelling.remove(release, cluster);
    return removeFromNodes(release, track, cluster, context);
  }

  private DeleteControl removeFromNodes(
      SwarmRelease release, Track track, Cluster cluster, Context<SwarmRelease> context) {
    Instant now = clock.instant();
    String uid = release.getMetadata().getUid();
    ReleaseFleet fleet = view.of(uid);
    Set<String> holding = holding(uid, fleet);
    Map<String, Want> wants = new TreeMap<>();
    holding.forEach(node -> wants.put(node, Want.REMOVE));
    granting.remove(release, wants, fleet, now);
    Duration left = Duration.between(now, track.removing(now).plus(PATIENCE));
    Set<String> able = cluster.nodes().ready();
    able.retainAll(cluster.nodes().peersSince().keySet());
    List<String> awaited =
        holding.stream()
            .filter(able::contains)
            .filter(node -> view.contact(node) != Contact.SILENT)
            .toList();
    if (awaited.isEmpty() || !left.isPositive()) {
      return forget(release);
    }
    say(release, "nodes that have yet to remove it: " + awaited.size(), context);
    return DeleteControl.noFinalizerRemoval().rescheduleAfter(left);
  }

  private DeleteControl forget(SwarmRelease release) {
    ledger.forget(release.getMetadata().getUid());
    return DeleteControl.defaultDelete();
  }

  /** Nodes that have or may have something of it. */
  private Set<String> holding(String uid, ReleaseFleet fleet) {
    Set<String> nodes = new TreeSet<>(granting.granted(uid));
    nodes.addAll(fleet.nodes().keySet());
    nodes.removeIf(node -> fleet.of(node).filter(Granting::isRemoved).isPresent());
    return nodes;
  }

  private static String waitingForPods(SwarmRelease release, Volumes.Users users) {
    String claim = "the claim " + release.getMetadata().getName();
    return users.count() == 0
        ? claim + " is being deleted"
        : claim + " is in use by " + users + ": deletion waits for them";
  }

  /** At most one write for each of the few stages. */
  private void say(SwarmRelease release, String message, Context<SwarmRelease> context) {
    SwarmReleaseStatus before =
        Optional.ofNullable(release.getStatus()).orElseGet(SwarmReleaseStatus::empty);
    boolean said =
        Conditions.find(before.conditions(), Conditions.READY)
            .filter(c -> c.getMessage().equals(message))
            .isPresent();
    if (!said) {
      Instant now = clock.instant();
      SwarmReleaseStatus next =
          StatusReport.deleting(before, release.getMetadata().getGeneration(), message, now);
      transitions.tell(release, before, next, now);
      context.resourceOperations().serverSideApplyPrimaryStatus(Reporter.fresh(release, next));
    }
  }
}
