package dev.corvid.bittorrent.net;

import dev.corvid.bittorrent.pieces.PartialPiece;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Message;
import dev.corvid.bittorrent.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one peer was asked for and owes. */
public final class Pipeline {
  /** From Corvid peers whole pieces are requested at once, as many as they unchoke for. */
  private static final long CORVID_WINDOW = 64 << 20;

  private static final long FOREIGN_WINDOW = 2 << 20;

  private final Connection connection;
  private final List<PartialPiece> fetching = new ArrayList<>();
  private final ArrayDeque<Message.Request> outstanding = new ArrayDeque<>();
  private int largestBlock = Message.BLOCK;
  private int mostRequests = ExtensionHandshake.DEFAULT_QUEUE;
  private long window = FOREIGN_WINDOW;
  private long outstandingBytes;

  /** Bytes that may still come: asked for, even if cancelled since. Nobody may send more. */
  private long owed;

  /** Of what is owed, what the download's limit has been charged for. */
  private long charged;

  Pipeline(Connection connection) {
    this.connection = connection;
  }

  void agreed(ExtensionHandshake theirs, int ourLargestBlock) {
    mostRequests = theirs.requestQueue();
    if (!theirs.isCorvid()) {
      return;
    }
    largestBlock = Math.min(theirs.largestBlock(), ourLargestBlock);
    window = CORVID_WINDOW;
  }

  void fetch(PartialPiece piece) {
    fetching.add(piece);
  }

  /** Whether there is something left to ask for and room to ask. */
  public boolean wantsToAsk() {
    return !fetching.isEmpty() && hasRoom();
  }

  /** Whether a further piece should be chosen, to keep the peer busy. */
  public boolean isHungry() {
    return fetching.isEmpty() && outstandingBytes < window / 2;
  }

  private boolean hasRoom() {
    return outstandingBytes < window && outstanding.size() < mostRequests;
  }

  /**
   * The next request to send, or null.
   *
   * @param most bytes of it, though a block of the smallest size is always allowed
   */
  public Message.@Nullable Request next(int most) {
    while (wantsToAsk()) {
      var block = fetching.getFirst().next(connection, Math.min(most, largestBlock));
      if (block == null) {
        fetching.removeFirst();
        continue;
      }
      outstanding.add(block);
      outstandingBytes += block.length();
      owed += block.length();
      charged += block.length();
      return block;
    }
    return null;
  }

  /** A block begins to arrive. */
  void begins(int piece, int begin, int length) throws ProtocolException {
    owed -= length;
    uncharge(length);
    if (owed < 0) {
      throw new ProtocolException("it sends blocks that nobody asked for");
    }
    take(new Message.Request(piece, begin, length));
  }

  /**
   * What will not come, or is here, is not charged any more.
   *
   * @return of these bytes, those that were
   */
  public long uncharge(long bytes) {
    var returned = Math.min(bytes, charged);
    charged -= returned;
    return returned;
  }

  /** Bytes that may still come and have been charged for, those that were cancelled included. */
  public long charged() {
    return charged;
  }

  /**
   * @return whether it was expected still
   */
  boolean rejected(Message.Request block) {
    if (block.length() > owed) {
      return false; // nobody asked for it
    }
    owed -= block.length();
    uncharge(block.length());
    return take(block);
  }

  /**
   * The piece is not expected from here any more; each request still unanswered is handed to {@code
   * cancelled}.
   */
  public void drop(int piece, Consumer<Message.Request> cancelled) {
    fetching.removeIf(open -> open.index == piece);
    for (var block : List.copyOf(outstanding)) {
      if (block.piece() != piece) {
        continue;
      }
      take(block);
      cancelled.accept(block);
    }
  }

  /**
   * Nothing is expected from here any more; each request still unanswered is handed to {@code
   * dropped}. It may be on its way all the same.
   */
  public void clear(Consumer<Message.Request> dropped) {
    fetching.clear();
    for (var block : List.copyOf(outstanding)) {
      take(block);
      dropped.accept(block);
    }
  }

  /** Whether a block of the piece is to be asked for, or has been and has not begun to arrive. */
  boolean holds(int piece) {
    return fetching.stream().anyMatch(open -> open.index == piece)
        || outstanding.stream().anyMatch(block -> block.piece() == piece);
  }

  /** Bytes that were asked for and have not begun to arrive. */
  public long outstanding() {
    return outstandingBytes;
  }

  private boolean take(Message.Request block) {
    if (!outstanding.remove(block)) {
      return false;
    }
    outstandingBytes -= block.length();
    return true;
  }
}
