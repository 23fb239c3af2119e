package dev.corvid.operator.release.seeder;

import dev.corvid.api.v1alpha1.Source;
import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.pod.PodAddresses;
import dev.corvid.operator.seeder.SeederPods;
import dev.corvid.operator.tracker.ReleaseFleet;
import dev.corvid.operator.trust.TrustAnchor;
import dev.corvid.wire.operator.Fleet;
import dev.corvid.wire.seeder.Publication;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which publications count. One comes from the pod that was made for this source, from that pod's
 * own IP, is proven with the key in the pod's spec, and is of what the release pins: who can read
 * the spec has the key, but not the pod's address. Thread-safe.
 */
public final class PublicationVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(PublicationVerifier.class);

  private final TrustAnchor trust;
  private final LongAdder refused = new LongAdder();
  private final Map<String, String> lastRefused = new ConcurrentHashMap<>();

  public PublicationVerifier(TrustAnchor trust) {
    this.trust = trust;
  }

  /**
   * What the release's seeder made of the source that the spec names; empty until it has published.
   */
  public Optional<Publication> of(
      SwarmRelease release, String sourceHash, ReleaseFleet fleet, List<Pod> seeders) {
    return fleet
        .seeder()
        .flatMap(heard -> published(heard, release, sourceHash, seeders))
        .filter(p -> isProven(p, release, sourceHash))
        .filter(p -> isPinned(p, release));
  }

  private Optional<Publication> published(
      Fleet.Seeder heard, SwarmRelease release, String sourceHash, List<Pod> seeders) {
    return Optional.ofNullable(heard.report().publication())
        .filter(publication -> isOf(publication, release, sourceHash))
        .filter(publication -> isFromItsPod(publication, heard, release, sourceHash, seeders));
  }

  /** Whether the report names this pod and came from one of its IPs. */
  public static boolean isFrom(Pod pod, Fleet.Seeder heard) {
    return pod.getMetadata().getUid().equals(heard.podUid())
        && PodAddresses.all(pod).contains(heard.address());
  }

  private static boolean isOf(Publication publication, SwarmRelease release, String sourceHash) {
    return publication.releaseUid().equals(release.getMetadata().getUid())
        && publication.sourceHash().equals(sourceHash);
  }

  /** A pod whose IP is not known yet is waited for: it comes with the pod's next status. */
  private boolean isFromItsPod(
      Publication publication,
      Fleet.Seeder heard,
      SwarmRelease release,
      String sourceHash,
      List<Pod> seeders) {
    Optional<Pod> pod =
        seeders.stream()
            .filter(each -> each.getMetadata().getUid().equals(heard.podUid()))
            .filter(each -> sourceHash.equals(SeederPods.sourceHash(each)))
            .filter(each -> !PodAddresses.all(each).isEmpty())
            .findFirst();
    if (pod.isEmpty()) {
      return false;
    }
    if (isFrom(pod.get(), heard)) {
      return true;
    }
    refuse(
        publication,
        "%s: it came from %s, and the seeder's pod %s is at %s; if the cluster's network rewrites the addresses of pods, exempt the tracker's port from that"
            .formatted(
                name(release),
                heard.address(),
                pod.get().getMetadata().getName(),
                PodAddresses.all(pod.get())));
    return false;
  }

  /** Whether it is all that the spec pins, if anything. */
  private boolean isPinned(Publication publication, SwarmRelease release) {
    Source source = release.getSpec().source();
    return isPinned(
            publication,
            release,
            "manifestDigest",
            source.manifestDigest(),
            publication.content().manifestDigest())
        && isPinned(
            publication,
            release,
            "http.digest",
            source.http().digest(),
            publication.sourceDigest());
  }

  private boolean isPinned(
      Publication publication,
      SwarmRelease release,
      String field,
      @Nullable String wanted,
      String has) {
    if (wanted == null || wanted.equals(has)) {
      return true;
    }
    refuse(
        publication,
        "%s: it is of %s, and spec.source.%s is %s".formatted(name(release), has, field, wanted));
    return false;
  }

  private boolean isProven(Publication publication, SwarmRelease release, String sourceHash) {
    String uid = release.getMetadata().getUid();
    if (publication.isProvenBy(trust.key().publicationKey(uid, sourceHash))) {
      return true;
    }
    refuse(publication, name(release) + ": its proof is wrong");
    return false;
  }

  /** Seen at every look at the release, and counted once. */
  private void refuse(Publication publication, String why) {
    String seen = publication.hmac() + why;
    if (!seen.equals(lastRefused.put(publication.releaseUid(), seen))) {
      refused.increment();
      LOG.warn("Refused a publication for the release {}", why);
    }
  }

  private static String name(SwarmRelease release) {
    return release.getMetadata().getNamespace() + "/" + release.getMetadata().getName();
  }

  /** Forgets the releases that are gone. */
  public void retain(Set<String> releaseUids) {
    lastRefused.keySet().retainAll(releaseUids);
  }

  /** How many were refused. */
  public long refused() {
    return refused.sum();
  }
}
