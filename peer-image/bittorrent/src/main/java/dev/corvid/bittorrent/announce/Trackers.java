package dev.corvid.bittorrent.announce;

import dev.corvid.bittorrent.ErrorMessage;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A torrent's trackers in the order of BEP 12: tier by tier, random within a tier at first, and the
 * one that answered first in its tier from then on. Not thread-safe.
 */
final class Trackers {
  /** What is tried with each tracker until it succeeds. */
  interface Attempt<T> {
    T with(URI tracker) throws IOException, InterruptedException;
  }

  private final List<List<URI>> tiers = new ArrayList<>();

  Trackers(List<List<String>> urls, RandomGenerator random) {
    for (var tier : urls) {
      List<URI> uris = new ArrayList<>();
      for (var url : tier) {
        uris.add(URI.create(url));
      }
      Collections.shuffle(uris, Random.from(random));
      tiers.add(uris);
    }
  }

  /**
   * @throws IOException if no tracker succeeds, naming the last one and its trouble
   */
  <T> T tryEach(Attempt<T> attempt) throws IOException, InterruptedException {
    IOException last = new AnnounceException("the torrent names no tracker");
    for (var tier : tiers) {
      for (var tracker : List.copyOf(tier)) {
        try {
          var result = attempt.with(tracker);
          tier.remove(tracker);
          tier.addFirst(tracker);
          return result;
        } catch (IOException e) {
          last = new IOException("tracker " + tracker + ": " + ErrorMessage.of(e), e);
        }
      }
    }
    throw last;
  }
}
