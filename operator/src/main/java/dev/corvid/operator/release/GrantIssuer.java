package dev.corvid.operator.release;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.api.v1alpha1.SwarmReleaseSpec.Deletion;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.grant.BandwidthLimits;
import dev.corvid.operator.release.grant.GrantSet;
import dev.corvid.operator.release.grant.NamespaceLeftovers;
import dev.corvid.operator.release.grant.RankCheck;
import dev.corvid.operator.release.grant.Retention;
import dev.corvid.operator.release.grant.SharingScope;
import dev.corvid.operator.release.grant.SharingScopes;
import dev.corvid.operator.release.rollout.NodeIntent;
import dev.corvid.operator.release.state.ReconcileState;
import dev.corvid.operator.seeder.SeederPodState;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.tracker.TrackerOutbox;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.DeletionPolicy;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import dev.corvid.wire.operator.Push;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts what is wanted of nodes, signed, into the outbox that the tracker is told from. */
final class GrantIssuer {
  private final TrackerOutbox outbox;
  private final Supplier<SigningKey> key;
  private final RankCheck ranks;
  private final SharingScopes scopes;

  GrantIssuer(
      TrackerOutbox outbox, Supplier<SigningKey> key, RankCheck ranks, SharingScopes scopes) {
    this.outbox = outbox;
    this.key = key;
    this.ranks = ranks;
    this.scopes = scopes;
  }

  void apply(
      ObservedState seen,
      ReconcilePlan reconcilePlan,
      NamespaceLeftovers leftovers,
      @Nullable Pod seeder,
      ReconcileState reconcileState) {
    Map<String, NodeIntent> wanted = reconcilePlan.intents();
    SharingScope scope = seen.location().scope();
    if (wanted == null || scope == null) {
      outbox.considered(seen.uid());
      return;
    }
    List<String> keep =
        reconcileState
            .records()
            .kept(reconcilePlan.history(), seen.release().getSpec().revisionHistoryLimit());
    Map<String, NodeIntent> intents = new HashMap<>(wanted);
    // A node that is to hold something removes what is not this namespace's before.
    leftovers.nodes().forEach(node -> intents.putIfAbsent(node, NodeIntent.REMOVE));
    List<Grant> removals =
        put(
            seen.release(),
            scope,
            intents,
            keep,
            seen.nodes().fleet(),
            seeder(seeder, reconcilePlan, scope, seen.release()),
            seen.now().wall());
    reconcileState
        .log()
        .ordered(
            seen.release(),
            removals,
            node -> leftovers.nodes().contains(node) ? "NamespaceDeleted" : "NodeLeft");
  }

  /** Who seeds, where, how fast, and what was accepted of it. */
  private static Push.@Nullable Seeder seeder(
      @Nullable Pod pod, ReconcilePlan reconcilePlan, SharingScope scope, SwarmRelease release) {
    if (pod == null) {
      return null;
    }
    String address =
        SeederPodState.of(pod) instanceof SeederPodState.Running(String ip) ? ip : null;
    Content accepted = reconcilePlan.target().orElse(null);
    return new Push.Seeder(
        pod.getMetadata().getUid(),
        address,
        accepted == null ? null : accepted.infoHash(),
        scope.swarmOf(accepted),
        BandwidthLimits.ofSeeder(release.getSpec()));
  }

  /** Nodes are told what they were told before. */
  void leave(SwarmRelease release) {
    outbox.considered(release.getMetadata().getUid());
  }

  /**
   * Tells these nodes to remove the release.
   *
   * @return what they had not been told yet
   */
  List<Grant> remove(
      SwarmRelease release, Map<String, NodeIntent> intents, ReleaseFleet fleet, Instant now) {
    SharingScope scope = scopes.of(release).orElse(SharingScope.NONE);
    return put(release, scope, intents, List.of(), fleet, null, now);
  }

  /** Nodes have been told all that there was to tell of the release. */
  void forget(SwarmRelease release) {
    outbox.forget(release.getMetadata().getUid());
  }

  /** Nodes that were told to hold something, whether they have answered or not. */
  List<String> granted(String releaseUid) {
    return inForce(releaseUid).stream().flatMap(grant -> grant.nodes().stream()).toList();
  }

  /** Returns the removals among what is new. */
  private List<Grant> put(
      SwarmRelease release,
      SharingScope scope,
      Map<String, NodeIntent> intents,
      List<String> keep,
      ReleaseFleet fleet,
      Push.@Nullable Seeder seeder,
      Instant now) {
    String uid = release.getMetadata().getUid();
    var grants =
        new GrantSet(
            uid,
            ResourceNames.nameOf(release),
            scope,
            release.getSpec().root(),
            release.getMetadata().getGeneration(),
            new Retention(
                keep,
                release.getSpec().deletionPolicy() == Deletion.Retain
                    ? DeletionPolicy.RETAIN
                    : DeletionPolicy.DELETE),
            BandwidthLimits.ofNode(release.getSpec()));
    List<SignedGrant> signed =
        grants.issue(
            intents,
            signed(uid),
            GrantSet.reported(fleet),
            ranks.rankPolicy(uid, fleet, inForce(uid), now),
            key.get());
    Set<SignedGrant> before = Set.copyOf(signed(uid));
    outbox.put(new Push.Release(uid, signed, seeder));
    return signed.stream()
        .filter(each -> !before.contains(each))
        .map(GrantSet::own)
        .filter(each -> each.action() == Grant.Action.REMOVE)
        .toList();
  }

  /** What nodes are told now. */
  List<Grant> inForce(String releaseUid) {
    return signed(releaseUid).stream().map(GrantSet::own).toList();
  }

  private List<SignedGrant> signed(String releaseUid) {
    return outbox.get(releaseUid).map(Push.Release::grants).orElse(List.of());
  }
}
