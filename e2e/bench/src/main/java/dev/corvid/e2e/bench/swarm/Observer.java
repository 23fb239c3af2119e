package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Namespace;
import dev.corvid.e2e.bench.program.Event;
import dev.corvid.e2e.bench.program.Running;
import dev.corvid.e2e.bench.program.Torrent;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A BitTorrent peer that wants nothing: it is told by every downloading peer what it has, and says
 * when together they hold one copy. The same instrument for every client. Runs as a process of its
 * own, in the router's namespace.
 *
 * <p>Arguments: info-hash in hex, number of pieces, how many peers are there now, its own address,
 * {@code ADDRESS:PORT} of each peer.
 */
public final class Observer {
  private static final String ONE_COPY = "one-copy";
  private static final String WATCHING = "watching";

  private static final int HAVE = 4;
  private static final int BITFIELD = 5;
  private static final int MAX_MESSAGE = 1 << 20;
  private static final int CONNECT_MILLIS = 1_000;
  private static final long AGAIN_NANOS = 100_000_000;

  private final byte[] infoHash;
  private final int pieces;
  private final int present;
  private final String own;
  private final BitSet held = new BitSet();
  private int watched;

  private Observer(byte[] infoHash, int pieces, int present, String own) {
    this.infoHash = infoHash;
    this.pieces = pieces;
    this.present = present;
    this.own = own;
  }

  /**
   * Starts it; it is {@code listening} when it sees those who are present, {@code complete} when
   * the peers hold one copy.
   */
  static Running start(Namespace namespace, Torrent torrent, int present, List<String> peers) {
    var words = new ArrayList<String>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Observer.class.getName()));
    words.addAll(List.of(torrent.infoHash(), Integer.toString(torrent.pieces())));
    words.add(Integer.toString(present));
    words.add(namespace.address());
    words.addAll(peers);
    return new Running("observer", namespace.running(words), Map.of(), Observer::understand);
  }

  private static Optional<Event> understand(String line) {
    return switch (line) {
      case WATCHING -> Optional.of(new Event.Listening());
      case ONE_COPY -> Optional.of(new Event.Complete());
      default -> Optional.empty();
    };
  }

  /** Stays until it is ended: the router's counters are read through it. */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    var observer =
        new Observer(
            HexFormat.of().parseHex(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            arguments[3]);
    var peers = List.of(arguments).subList(4, arguments.length);
    var threads = peers.stream().map(peer -> Thread.startVirtualThread(() -> observer.watch(peer)));
    for (var thread : threads.toList()) {
      thread.join();
    }
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  /** A peer that is not there yet, or drops us, is dialled again. */
  private void watch(String peer) {
    int colon = peer.lastIndexOf(':');
    var address =
        new InetSocketAddress(
            peer.substring(0, colon), Integer.parseInt(peer.substring(colon + 1)));
    while (!whole()) {
      try (var socket = new Socket()) {
        // Not the address that a seeder on the same loopback may come from: one each, for
        // libtorrent.
        socket.bind(new InetSocketAddress(own, 0));
        socket.connect(address, CONNECT_MILLIS);
        listen(socket);
      } catch (IOException e) {
        LockSupport.parkNanos(AGAIN_NANOS);
      }
    }
  }

  private void listen(Socket socket) throws IOException {
    socket.getOutputStream().write(handshake());
    var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    in.readFully(new byte[68]);
    sees();
    while (!whole()) {
      int length = in.readInt();
      if (length < 0 || length > MAX_MESSAGE) {
        throw new IOException("a message of " + length + " bytes");
      }
      if (length > 0) {
        var message = new byte[length];
        in.readFully(message);
        understand(message);
      }
    }
  }

  private synchronized void sees() {
    watched++;
    if (watched == present) {
      System.out.println(WATCHING);
    }
  }

  private void understand(byte[] message) {
    if (message[0] == HAVE) {
      mark(ByteBuffer.wrap(message).getInt(1));
    } else if (message[0] == BITFIELD) {
      for (int piece = 0; piece < pieces; piece++) {
        if ((message[1 + piece / 8] & 0x80 >> piece % 8) != 0) {
          mark(piece);
        }
      }
    }
  }

  private synchronized void mark(int piece) {
    if (!whole()) {
      held.set(piece);
      if (whole()) {
        System.out.println(ONE_COPY);
      }
    }
  }

  private synchronized boolean whole() {
    return held.cardinality() == pieces;
  }

  /** BEP 3; no extension, so that every client tells its pieces in the oldest way. */
  private byte[] handshake() {
    var handshake = new byte[68];
    handshake[0] = 19;
    System.arraycopy(ascii("BitTorrent protocol"), 0, handshake, 1, 19);
    System.arraycopy(infoHash, 0, handshake, 28, 20);
    System.arraycopy(ascii("-CB0001-" + "observer0000"), 0, handshake, 48, 20);
    return handshake;
  }

  private static byte[] ascii(String text) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length());
  }
}
