package dev.corvid.bittorrent;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * A server that has all of a torrent's files, as the owner of the torrent can reach it (in the
 * spirit of BEP 19). What it sends is verified like anybody's. It is asked for a few ranges at
 * once, each by a thread that may block.
 */
public interface WebSeed {
  /**
   * Asks for bytes of one file.
   *
   * @param file its number in the metainfo; never a pad
   * @param from position in the file
   * @return a stream that ends after exactly these bytes; closed by the caller
   * @throws IOException if they cannot be had now; it is left alone for a while then
   * @throws InterruptedException when they are not wanted any more
   */
  InputStream open(int file, long from, int length) throws IOException, InterruptedException;

  /**
   * How long an answer may take to open, and pause from one part of it to the next, before it is
   * abandoned and the server left alone for a while; empty if its streams bound that themselves.
   */
  default Optional<Duration> patience() {
    return Optional.empty();
  }

  /**
   * It sent bytes that are not the torrent's, and is not asked any more. Called on the engine's
   * thread.
   */
  default void corrupted() {}

  /** Names it in messages. */
  @Override
  String toString();
}
