package dev.corvid.bittorrent.wire;

/**
 * How many messages one connection may send: each takes time to deal with, and nothing else bounds
 * them. Two thousand a second, saved up to one for each piece and a few thousand more, so that a
 * peer may announce all it has at once; and payload, in either direction, pays for the requests and
 * blocks that it takes. An honest peer stays far below, whatever its rate.
 *
 * <p>A connection that has overdrawn it is not read until that is paid back, rather than closed:
 * what it sends waits on its side, and if it was honest nothing is lost but time. It is overdrawn
 * by at most what one buffer holds. Confined to the connection's loop.
 */
public final class MessageBudget {
  private static final long COST = 500_000;
  private static final int EXTRA_MESSAGES = 4096;

  /** Two messages for the 16 KiB of the smallest usual block. */
  private static final long EARNED_PER_BYTE = 2 * COST / Message.BLOCK;

  private final long burst;

  /** When all messages so far are paid for; at most {@link #burst} ago. */
  private long paid;

  public MessageBudget(int pieces, long now) {
    burst = (pieces + EXTRA_MESSAGES) * COST;
    paid = now - burst;
  }

  public void charge(int messages, long now) {
    if (now - burst - paid > 0) {
      paid = now - burst;
    }
    paid += messages * COST;
  }

  public void earn(long payload) {
    paid -= payload * EARNED_PER_BYTE;
  }

  /** Nanoseconds until the messages so far are paid for; 0 or less if they are. */
  public long debt(long now) {
    return paid - now;
  }

  /** What a message costs: as much as a HAVE, and more if it is long. */
  public static int cost(Message message) {
    return switch (message) {
      case Message.Bitfield(var bits) -> 1 + bits.length / 16;
      case Message.Extended(var _, var payload) -> 1 + payload.length / 1024;
      default -> 1;
    };
  }
}
