package dev.corvid.e2e.attack;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * {@code Stranger leech|crowd|flood HOST PORT HASH SECONDS [PEER-ID]} speaks BitTorrent (BEP 3, 10)
 * to a peer without having been told of it: to read what it has, to fill its places with 64
 * connections, or to send it messages as fast as it takes them.
 */
public final class Stranger {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CROWD = 64;
  private static final int BLOCK = 16 << 10;
  private static final int BLOCKS = 256;
  private static final int MOST = 1 << 20;
  private static final byte INTERESTED = 2;
  private static final byte HAVE = 4;
  private static final byte REQUEST = 6;
  private static final byte EXTENDED = 20;

  private final InetSocketAddress address;
  private final byte[] handshake;
  private final Duration time;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();

  private Stranger(String[] arguments) {
    this.address = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
    this.time = Duration.ofSeconds(Long.parseLong(arguments[4]));
    var id = arguments.length > 5 ? arguments[5] : "-ZZ0001-000000000000";
    this.handshake =
        ByteBuffer.allocate(68)
            .put((byte) 19)
            .put("BitTorrent protocol".getBytes(StandardCharsets.US_ASCII))
            .put(new byte[] {0, 0, 0, 0, 0, 0x10, 0, 0})
            .put(HexFormat.of().parseHex(arguments[3]))
            .put(Arrays.copyOf(id.getBytes(StandardCharsets.ISO_8859_1), 20))
            .array();
  }

  /**
   * @param arguments see above
   */
  public static void main(String[] arguments) throws InterruptedException {
    var stranger = new Stranger(arguments);
    int count = arguments[0].equals("leech") ? 1 : CROWD;
    boolean floods = arguments[0].equals("flood");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> one = () -> stranger.again(floods);
      threads.invokeAll(IntStream.range(0, count).mapToObj(_ -> one).toList());
    }
    System.out.printf(
        "%d handshakes answered, %d bytes after them, %d messages sent, %d connections closed%n",
        stranger.answered.get(),
        stranger.received.get(),
        stranger.sent.get(),
        stranger.closed.get());
  }

  /** Comes back whenever it is shown out, a second later. */
  private Void again(boolean floods) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      try (var socket = new Socket()) {
        socket.connect(address, (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        converse(socket, floods, end);
      } catch (IOException e) {
        closed.incrementAndGet();
      }
      Thread.sleep(1000);
    }
    return null;
  }

  private void converse(Socket socket, boolean floods, long end) throws IOException {
    var out = socket.getOutputStream();
    var in = new DataInputStream(socket.getInputStream());
    out.write(handshake);
    in.readFully(new byte[handshake.length]);
    answered.incrementAndGet();
    var extended = "d1:md11:ut_metadatai1eee".getBytes(StandardCharsets.US_ASCII);
    send(out, EXTENDED, ByteBuffer.allocate(1 + extended.length).put((byte) 0).put(extended));
    send(out, INTERESTED, ByteBuffer.allocate(0));
    for (int i = 0; i < BLOCKS; i++) {
      send(out, REQUEST, ByteBuffer.allocate(12).putInt(0).putInt(i * BLOCK).putInt(BLOCK));
    }
    if (floods) {
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
