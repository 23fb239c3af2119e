package dev.corvid.bittorrent.policy;

/** What the policy wants done. Peers are small numbers, given by the caller of the policy. */
public interface PolicyActions {
  /** Ask {@code peer} for what is still missing of {@code piece}. */
  void fetch(int peer, int piece);

  /** Ask {@code peer} no longer for {@code piece}; what has arrived is kept. */
  void cancel(int peer, int piece);

  void interested(int peer);

  void notInterested(int peer);

  /** Between Corvid peers each unchoke is for one piece, which is served now. */
  void unchoke(int peer);

  void choke(int peer);

  /** Announce {@code piece} to {@code peer} alone. */
  void reveal(int peer, int piece);
}
