package dev.corvid.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** Helidon's view of a connection, with each read and write told to its {@link HttpConnection}. */
final class BoundedContext implements ConnectionContext {
  private final ConnectionContext context;
  private final HttpConnection connection;
  private final DataReader reader = new DataReader(this::read);
  private final DataWriter writer;

  BoundedContext(ConnectionContext context, HttpConnection connection) {
    this.context = context;
    this.connection = connection;
    this.writer = new BoundedWriter(context.dataWriter(), connection);
  }

  HttpConnection connection() {
    return connection;
  }

  /**
   * Ends the connection where there is nothing more to read: Helidon writes a warning for each
   * request that ends within its header, and anybody can send those.
   */
  private byte[] read() {
    if (!connection.reading()) {
      throw new CloseConnectionException(
          "the header of a request comes in too many pieces, or a body from an anonymous client");
    }
    DataReader source = context.dataReader();
    try {
      source.ensureAvailable();
    } catch (DataReader.InsufficientDataAvailableException | UncheckedIOException e) {
      throw new CloseConnectionException("the client, or its limits, ended the connection", e);
    }
    connection.read();
    return source.readBytes(source.available());
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public ListenerContext listenerContext() {
    return context.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return context.executor();
  }

  @Override
  public Router router() {
    return context.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return context.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return context.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return context.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return context.localPeer();
  }

  @Override
  public boolean isSecure() {
    return context.isSecure();
  }

  @Override
  public String socketId() {
    return context.socketId();
  }

  @Override
  public String childSocketId() {
    return context.childSocketId();
  }

  private record BoundedWriter(DataWriter to, HttpConnection connection) implements DataWriter {
    private void write(Runnable write) {
      connection.writing();
      try {
        write.run();
      } catch (UncheckedIOException e) {
        throw new CloseConnectionException("the client, or its limits, ended the connection", e);
      }
      connection.written();
    }

    @Override
    public void write(BufferData... buffers) {
      write(() -> to.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      write(() -> to.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
      write(() -> to.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      write(() -> to.writeNow(buffer));
    }

    @Override
    public void flush() {
      write(to::flush);
    }

    @Override
    public void close() {
      to.close();
    }
  }
}
