package dev.corvid.bittorrent.policy;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a policy decided. */
final class Decisions implements PolicyActions {
  private final List<String> taken = new ArrayList<>();

  /** What was decided since the last call. */
  List<String> take() {
    var copy = List.copyOf(taken);
    taken.clear();
    return copy;
  }

  /** The pieces that were revealed to the peer since the last call; nothing else happened. */
  List<Integer> revealed(int peer) {
    var pieces = new ArrayList<Integer>();
    for (var decision : take()) {
      pieces.add(Integer.parseInt(decision.substring(("reveal " + peer + " ").length())));
    }
    return pieces;
  }

  @Override
  public void fetch(int peer, int piece) {
    taken.add("fetch " + peer + " " + piece);
  }

  @Override
  public void cancel(int peer, int piece) {
    taken.add("cancel " + peer + " " + piece);
  }

  @Override
  public void interested(int peer) {
    taken.add("interested " + peer);
  }

  @Override
  public void notInterested(int peer) {
    taken.add("not interested " + peer);
  }

  @Override
  public void unchoke(int peer) {
    taken.add("unchoke " + peer);
  }

  @Override
  public void choke(int peer) {
    taken.add("choke " + peer);
  }

  @Override
  public void reveal(int peer, int piece) {
    taken.add("reveal " + peer + " " + piece);
  }
}
