package dev.corvid.operator.release.seeder;

import dev.corvid.operator.config.OperatorConfig;
import dev.corvid.operator.release.seeder.SlotQueue.Need;
import dev.corvid.operator.release.seeder.SlotQueue.Waiting;
import dev.corvid.operator.release.step.Problem;
import dev.corvid.time.Uptime;
import dev.corvid.wire.Reason;
import dev.corvid.wire.text.ByteSize;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How many seeders run at once in the cluster, and how much scratch space they may take together. A
 * release that needs one and finds no slot waits ({@link SlotQueue} says in which order). While
 * others wait, a seeder that has failed, whose source hangs, or that has had its slot for hours,
 * gives the slot up and its release queues again: no tenant's sources can keep all others waiting.
 * Thread-safe.
 */
public final class SeederSlots {
  private final SlotQueue queue;
  private final Consumer<Collection<String>> wake;
  private final Map<String, SeederSlot> held = new HashMap<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /**
   * @param wake told the uid of the release whose turn it is, or whose slot is due
   */
  public SeederSlots(OperatorConfig.Limits limits, Consumer<Collection<String>> wake) {
    this.queue = new SlotQueue(limits.seedersAtOnce(), ByteSize.parse(limits.scratch()));
    this.wake = wake;
  }

  /** The release's seeder runs: it has its slot, however many there are. */
  public synchronized void hold(String uid, Need need, Uptime now) {
    Waiting before = waiting.remove(uid);
    int turns = before == null ? 0 : before.turns();
    held.merge(uid, SeederSlot.taken(need, turns, now), (slot, _) -> slot.needing(need));
  }

  /**
   * Takes a slot for the release's next seeder; if there is none, says why, and the release is
   * woken when its turn comes. A release that has a slot keeps it only while it needs no more than
   * before: else an edit would be a way around the limits.
   */
  public synchronized Optional<Problem> take(String uid, Need need, Uptime now) {
    if (need.scratch() > queue.share()) {
      leave(uid);
      return Optional.of(tooLarge(need));
    }
    SeederSlot before = held.remove(uid);
    if (before != null && before.need().scratch() >= need.scratch() && queue.admits(held, need)) {
      held.put(uid, before.needing(need));
      wakeNext();
      return Optional.empty();
    }
    Waiting slot = waiting.merge(uid, new Waiting(need, null, 0), (it, _) -> it.with(need));
    if (!next().filter(uid::equals).isPresent()) {
      wakeNext();
      wakeDue(now);
      return Optional.of(waits(slot));
    }
    hold(uid, need, now);
    wakeNext();
    return Optional.empty();
  }

  /**
   * Gives the slot up if it is due and another can use it: then says why, and the release waits.
   *
   * @param bytes how many its seeder has fetched and sent so far, as it says
   * @param failure why its seeder has failed; null when it has not
   */
  public synchronized Optional<Problem> giveUp(
      String uid, long bytes, @Nullable Reason failure, Uptime now) {
    SeederSlot slot =
        held.computeIfPresent(uid, (_, before) -> before.at(bytes, now).failed(failure, now));
    if (slot == null || !victim(now).filter(uid::equals).isPresent()) {
      return Optional.empty();
    }
    held.remove(uid);
    waiting.put(uid, slot.givenUp(now));
    wakeNext();
    wakeDue(now);
    return Optional.of(waits(waiting.get(uid)));
  }

  /** Nobody knows how far the release's seeder is: it is not to suffer from that. */
  public synchronized void excuse(String uid, Uptime now) {
    held.computeIfPresent(uid, (_, slot) -> slot.excused(now));
  }

  /** When {@link #giveUp} is to be asked again. */
  public synchronized Optional<Uptime> due(String uid) {
    return Optional.ofNullable(held.get(uid)).map(SeederSlot::due);
  }

  /** Runs what needs the slot that the release has; whatever it throws gives the slot back. */
  public <T> T using(String uid, Supplier<T> step) {
    try {
      return step.get();
    } catch (RuntimeException e) {
      leave(uid);
      throw e;
    }
  }

  /** The release needs no seeder, or cannot have one now. */
  public synchronized void leave(String uid) {
    boolean waited = waiting.remove(uid) != null;
    if (held.remove(uid) != null || waited) {
      wakeNext();
    }
  }

  /** Forgets releases that are gone. */
  public synchronized void retain(Set<String> uids) {
    boolean waited = waiting.keySet().retainAll(uids);
    if (held.keySet().retainAll(uids) || waited) {
      wakeNext();
    }
  }

  private void wakeNext() {
    next().ifPresent(uid -> wake.accept(List.of(uid)));
  }

  private void wakeDue(Uptime now) {
    victim(now).ifPresent(uid -> wake.accept(List.of(uid)));
  }

  private Optional<String> next() {
    return queue.next(held, waiting);
  }

  private Optional<String> victim(Uptime now) {
    return queue.victim(held, waiting, now);
  }

  private Problem tooLarge(Need need) {
    return new Problem(
        Reason.LimitExceeded,
        "spec.seeder.scratch.sizeLimit is %s, more than the %s that all seeders of one namespace may have together (half of limits.scratch): lower it, use spec.seeder.scratch.volumeClaimTemplate, which takes no space on a node, or ask the cluster's admin for a higher limits.scratch in the chart's values"
            .formatted(ByteSize.format(need.scratch()), ByteSize.format(queue.share())));
  }

  private Problem waits(Waiting slot) {
    return new Problem(
        Reason.Progressing,
        "%swaits for a seeder slot: at most %d seeders with %s of scratch space run at once, half of them for one namespace (limits.seedersAtOnce and limits.scratch in the chart's values)"
            .formatted(
                slot.gaveUp() == null ? "" : slot.gaveUp() + "; the release ",
                queue.most(),
                ByteSize.format(queue.scratch())));
  }
}
