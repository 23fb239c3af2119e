package dev.corvid.bittorrent.peers;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which connection is closed for a newcomer when a torrent has as many as it may have. Pure.
 *
 * <p>Addresses that the owner of the torrent has named come first: such a newcomer takes the place
 * of any peer that is not named. Others are not locked out, as in a large swarm most honest peers
 * are not in each other's samples:
 *
 * <ul>
 *   <li>an address has one place before any has two;
 *   <li>one that is not named and exchanges next to nothing, compared with the others, gives way
 *       after a while, however regular that little is;
 *   <li>of named ones that are of no use as many give way as hold more than two thirds of the
 *       places.
 * </ul>
 *
 * So a third of the places needs not be kept free for anybody, and a swarm without any named
 * address, as a seeder's, uses all of them.
 *
 * @param most connections
 */
public record EvictionPolicy(int most) {
  static final long IDLE = 30_000_000_000L;
  static final long IDLE_AND_FINISHED = 2_000_000_000L;

  /**
   * Bytes a second that are worth a place when no other peer exchanges more, if this side's limits
   * allow it.
   */
  static final long LEAST_RATE = 16 << 10;

  /** Part of the mean rate that is worth a place. */
  private static final int LEAST_PART = 8;

  /** Part of what this side's limits leave to each that is worth a place. */
  private static final int LEAST_PART_OF_LIMIT = 2;

  /**
   * One connection, or a newcomer.
   *
   * @param named whether the owner of the torrent has named its address
   * @param needed whether it must stay, as the seeder's
   * @param finished whether it lacks no piece
   * @param idle nanoseconds without payload
   * @param lasted nanoseconds since it began
   * @param exchanged bytes of payload, both ways
   */
  public record Candidate(
      InetAddress host,
      boolean named,
      boolean needed,
      boolean finished,
      long idle,
      long lasted,
      long exchanged) {
    /** Bytes a second, on average over at least one second. */
    double rate() {
      return exchanged * 1e9 / Math.max(lasted, 1_000_000_000L);
    }

    boolean isUseless() {
      return !needed && idle > (finished ? IDLE_AND_FINISHED : IDLE);
    }
  }

  /**
   * Which of those held gives way; empty if the newcomer is to be refused.
   *
   * @param named whether the newcomer's address is named
   * @param limit bytes a second that this side lets all of them together exchange
   */
  public Optional<Candidate> evict(
      List<Candidate> held, InetAddress host, boolean named, double limit) {
    var unnamed = held.stream().filter(place -> !place.named() && !place.needed()).toList();
    var useless = longestIdle(unnamed, Candidate::isUseless);
    if (useless.isPresent()) {
      return useless;
    }
    var crowded = ofFullestAddress(unnamed, named ? 0 : 1 + placesOf(unnamed, host));
    if (crowded.isPresent()) {
      return crowded;
    }
    if (named) {
      return longestIdle(held, Candidate::isUseless);
    }
    if (placesOf(held, host) > 0) {
      return Optional.empty();
    }
    var slack = slowest(unnamed, held, limit);
    if (slack.isPresent()) {
      return slack;
    }
    var namedOnes = held.stream().filter(Candidate::named).count();
    return namedOnes * 3 > most * 2L ? longestIdle(held, Candidate::isUseless) : Optional.empty();
  }

  private static Optional<Candidate> longestIdle(
      List<Candidate> places, Predicate<Candidate> which) {
    return places.stream().filter(which).max(Comparator.comparingLong(Candidate::idle));
  }

  /** The least useful one of the address with most places, if these are more than {@code few}. */
  private static Optional<Candidate> ofFullestAddress(List<Candidate> unnamed, int few) {
    Comparator<Candidate> fullest = Comparator.comparingInt(place -> crowd(unnamed, place));
    return unnamed.stream()
        .filter(place -> crowd(unnamed, place) > few)
        .max(fullest.thenComparing(Comparator.comparingDouble(Candidate::rate).reversed()));
  }

  /** Places of one address; where many share an address, each is alone. */
  private static int crowd(List<Candidate> places, Candidate one) {
    return Math.max(1, placesOf(places, one.host()));
  }

  private static int placesOf(Collection<Candidate> places, InetAddress host) {
    if (SharedAddress.is(host)) {
      return 0;
    }
    return (int) places.stream().filter(place -> place.host().equals(host)).count();
  }

  private static Optional<Candidate> slowest(
      List<Candidate> unnamed, List<Candidate> held, double limit) {
    var mean = held.stream().mapToDouble(Candidate::rate).average().orElse(0);
    var allowed = limit / Math.max(1, held.size()) / LEAST_PART_OF_LIMIT;
    var least = Math.max(Math.min(LEAST_RATE, allowed), mean / LEAST_PART);
    return unnamed.stream()
        .filter(place -> place.lasted() > IDLE && place.rate() < least)
        .min(Comparator.comparingDouble(Candidate::rate));
  }
}
