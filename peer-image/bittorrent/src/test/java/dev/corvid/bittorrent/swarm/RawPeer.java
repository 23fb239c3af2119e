package dev.corvid.bittorrent.swarm;

import dev.corvid.bittorrent.PeerId;
import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.wire.ExtensionHandshake;
import dev.corvid.bittorrent.wire.Handshake;
import dev.corvid.bittorrent.wire.Location;
import dev.corvid.bittorrent.wire.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Speaks the wire by hand over blocking sockets, to misbehave as a test wants; each accepted
 * connection gets a thread.
 */
public final class RawPeer implements AutoCloseable {
  /** What to do with a connection after the handshakes. */
  public interface Script {
    void run(RawConnection connection) throws IOException;
  }

  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new ArrayList<>();

  public RawPeer(InfoHash infoHash, Script script) throws IOException {
    this(infoHash, true, script);
  }

  /**
   * @param fast whether it speaks BEP 6
   */
  public RawPeer(InfoHash infoHash, boolean fast, Script script) throws IOException {
    Thread.startVirtualThread(
        () -> {
          while (!listener.isClosed()) {
            try {
              var socket = listener.accept();
              synchronized (sockets) {
                sockets.add(socket);
              }
              Thread.startVirtualThread(() -> serve(socket, infoHash, fast, script));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private static void serve(Socket socket, InfoHash infoHash, boolean fast, Script script) {
    try {
      var connection = new RawConnection(socket);
      connection.greet(infoHash, PeerId.random(new Random()), fast);
      script.run(connection);
    } catch (IOException e) {
      // The other side ended the connection, which is what most of these scripts provoke.
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    synchronized (sockets) {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  /** One connection, both ways. */
  public static final class RawConnection implements AutoCloseable {
    public final Socket socket;
    private final DataInputStream in;

    RawConnection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
    }

    public static RawConnection dial(InetSocketAddress address) throws IOException {
      return dial(address, null);
    }

    /** From one of the addresses of this machine; null for any. */
    public static RawConnection dial(InetSocketAddress address, InetAddress from)
        throws IOException {
      var socket = new Socket();
      if (from != null) {
        socket.bind(new InetSocketAddress(from, 0));
      }
      socket.connect(address, 2000);
      socket.setSoTimeout(5000);
      return new RawConnection(socket);
    }

    /** Says the handshake of BEP 3 with BEP 6 and BEP 10, and reads the other's. */
    public Handshake greet(InfoHash infoHash) throws IOException {
      return greet(infoHash, PeerId.random(new Random()));
    }

    public Handshake greet(InfoHash infoHash, PeerId id) throws IOException {
      return greet(infoHash, id, true);
    }

    private Handshake greet(InfoHash infoHash, PeerId id, boolean fast) throws IOException {
      var out = ByteBuffer.allocate(Handshake.BYTES);
      new Handshake(SwarmId.of(infoHash), id, fast, true).encode(out);
      socket.getOutputStream().write(out.array());
      var theirs = new byte[Handshake.BYTES];
      in.readFully(theirs);
      return Handshake.decode(ByteBuffer.wrap(theirs));
    }

    /** Introduces itself as Corvid. */
    void introduce(Message what) throws IOException {
      send(what);
      send(extensions());
    }

    /** What a Corvid says that it understands. */
    static Message.Extended extensions() {
      return new Message.Extended(
          0, new ExtensionHandshake(1, 0, 256 << 10, 250, 0, Location.NOWHERE, 0).encode());
    }

    public void send(Message message) throws IOException {
      var out = ByteBuffer.allocate(message.size());
      message.encode(out);
      socket.getOutputStream().write(out.array());
    }

    void sendBlock(Message.Request request, byte[] payload) throws IOException {
      beginBlock(request.piece(), request.begin(), payload.length, payload);
    }

    /** The first bytes of a block; the others may follow. */
    void beginBlock(Message.Request request, byte[] first) throws IOException {
      beginBlock(request.piece(), request.begin(), request.length(), first);
    }

    private void beginBlock(int piece, int begin, int length, byte[] first) throws IOException {
      var head = ByteBuffer.allocate(13).putInt(9 + length).put((byte) Message.PIECE);
      socket.getOutputStream().write(head.putInt(piece).putInt(begin).array());
      socket.getOutputStream().write(first);
    }

    /** Reads on until something is asked for. */
    Message.Request nextRequest() throws IOException {
      while (true) {
        if (next() instanceof Message.Request request) {
          return request;
        }
      }
    }

    /** Reads on until so many pieces are announced. */
    BitSet nextHaves(int count) throws IOException {
      var pieces = new BitSet();
      while (pieces.cardinality() < count) {
        if (next() instanceof Message.Have(var piece)) {
          pieces.set(piece);
        }
      }
      return pieces;
    }

    /** The next message; blocks and unknown ones are skipped. */
    public Message next() throws IOException {
      while (true) {
        var length = in.readInt();
        if (length == 0) {
          return new Message.KeepAlive();
        }
        var id = in.readUnsignedByte();
        var body = ByteBuffer.wrap(in.readNBytes(length - 1));
        if (Message.known(id)) {
          return Message.decode(id, body);
        }
      }
    }

    /** Reads on until the other side hangs up. */
    public void awaitEnd() throws IOException {
      while (socket.getInputStream().read() >= 0) {}
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
