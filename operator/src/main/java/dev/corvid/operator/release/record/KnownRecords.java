package dev.corvid.operator.release.record;

import dev.corvid.api.v1alpha1.SwarmRelease;
import dev.corvid.operator.metadata.ResourceNames;
import dev.corvid.operator.release.step.RetryPause;
import dev.corvid.operator.trust.SigningKey;
import dev.corvid.time.Uptime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The records of one release that are known to be the operator's own, because it wrote them or has
 * found them: what becomes of the objects in the cluster takes none of them away as long as this
 * process runs. Confined to the release's reconciliation.
 */
public final class KnownRecords {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final int NAMED = 20;

  private final List<RecordedRevision> records = new ArrayList<>();
  private final Map<String, String> adopted = new HashMap<>();
  private final Set<String> foreign = new HashSet<>();
  private final VerifiedSeals seals = new VerifiedSeals();
  private boolean warnedOfMany;
  private List<String> unproven = List.of();
  private int repairs;
  private Uptime nextRepair = Uptime.MIN;

  public List<RecordedRevision> all() {
    return List.copyOf(records);
  }

  public boolean has(RecordedRevision record) {
    return records.stream().anyMatch(record::isSame);
  }

  /** Of two that say the same but the version the newer one counts. */
  public void add(RecordedRevision record) {
    if (records.removeIf(older -> older.isSame(record) && older.number() < record.number())
        || !has(record)) {
      records.add(record);
    }
  }

  /** Whether a newer one says the same, by another version. */
  public boolean isReplaced(RecordedRevision record) {
    return records.stream()
        .anyMatch(newer -> newer.isSame(record) && newer.number() > record.number());
  }

  /** What that object records; empty when it is not the operator's own. */
  public Optional<RecordedRevision> read(
      RawControllerRevision object, SwarmRelease release, SigningKey key) {
    return seals.of(
        object,
        key,
        each -> ControllerRevisionCodec.read(each, ResourceNames.nameOf(release), key));
  }

  /** Forgets the objects that are gone. */
  public void retainObjects(List<RawControllerRevision> found) {
    seals.retain(found);
    if (!adopted.isEmpty()) {
      adopted
          .keySet()
          .retainAll(
              found.stream().map(each -> each.getMetadata().getUid()).collect(Collectors.toSet()));
    }
  }

  /** Whether nothing was said yet of how many objects are not the operator's. */
  public boolean isFirstWarnedOfMany() {
    boolean first = !warnedOfMany;
    warnedOfMany = true;
    return first;
  }

  /** Forgets those that are in no history any more. */
  public void retain(RevisionHistory history) {
    records.removeIf(
        record -> history.revisions().stream().noneMatch(r -> r.recorded().isSame(record)));
  }

  /** Whether those that somebody deleted may be written again now. */
  public boolean mayRepair(Uptime now) {
    return !now.isBefore(nextRepair);
  }

  /**
   * The next time waits longer, 1 s at first, 1 min at most: they may be deleted again at once.
   * When none was for long, it begins with 1 s again.
   */
  public void repaired(Uptime now) {
    if (!now.isBefore(nextRepair.plus(QUIET))) {
      repairs = 0;
    }
    nextRepair = now.plus(RetryPause.after(repairs++, LONGEST_PAUSE));
  }

  public Uptime nextRepair() {
    return nextRepair;
  }

  /**
   * Whether this version of an object was adopted: until the cache has the next version, nothing is
   * to be done.
   */
  public boolean isAdopted(String uid, String resourceVersion) {
    return resourceVersion.equals(adopted.get(uid));
  }

  public void adopted(String uid, String resourceVersion) {
    adopted.put(uid, resourceVersion);
  }

  /**
   * Notes which contents the release had by objects whose seal nobody can prove, as after the loss
   * of the signing key.
   *
   * @param digests of manifests, newest first
   */
  public void unproven(List<String> digests) {
    unproven = digests;
  }

  /**
   * Manifest digests of the revisions that nodes may keep, newest first: those before the latest of
   * the history, then those that are unproven. A node keeps of them what it holds already, and gets
   * none by that.
   *
   * @param limit the most
   */
  public List<String> kept(RevisionHistory history, int limit) {
    Optional<String> latest = history.latest().map(ReleaseRevision::digest);
    return Stream.concat(history.earlierDigests().stream(), unproven.stream())
        .filter(digest -> latest.filter(digest::equals).isEmpty())
        .distinct()
        .limit(limit)
        .toList();
  }

  /** Whether this object is named for the first time, and few were before. */
  public boolean isFirstNamed(String uid) {
    return foreign.size() < NAMED && foreign.add(uid);
  }
}
