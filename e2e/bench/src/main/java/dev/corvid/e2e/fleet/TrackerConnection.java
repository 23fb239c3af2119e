package dev.corvid.e2e.fleet;

import dev.corvid.wire.Wire;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * One connection to the tracker, kept for the next request (RFC 9112, persistent connections). As
 * little of HTTP as there is between a peer and its tracker, because thousands of JDK clients would
 * cost more than what they measure. One request at a time; {@link #close} may come from anywhere.
 */
final class TrackerConnection implements AutoCloseable {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int LONG_POLL_MILLIS = 45_000;
  private static final int MAX_LINE = 4096;
  private static final int MAX_BODY = 32 << 20;

  private final InetSocketAddress tracker;
  private final InetAddress own;
  private final String token;
  private final LongAdder bytes;
  private Socket socket;
  private InputStream in;

  /** An answer: its status code, and its body, which may be empty. */
  record Answer(int status, byte[] body) {}

  /**
   * @param own address that the connection comes from; null for any
   * @param bytes counts what travels, both ways, headers included
   */
  TrackerConnection(InetSocketAddress tracker, InetAddress own, String token, LongAdder bytes) {
    this.tracker = tracker;
    this.own = own;
    this.token = token;
    this.bytes = bytes;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws IOException when the connection fails or is closed; the next request makes a new one
   */
  Answer post(String path, Object message) throws IOException {
    var out = open().getOutputStream();
    try {
      var request = request(path, Wire.encode(message));
      out.write(request);
      bytes.add(request.length);
      return answer();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private byte[] request(String path, byte[] body) {
    var head =
        "POST %s HTTP/1.1\r\nHost: %s:%d\r\nAuthorization: Bearer %s\r\n"
                .formatted(path, tracker.getHostString(), tracker.getPort(), token)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(body.length);
    var request = new ByteArrayOutputStream(head.length() + body.length);
    request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private Answer answer() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    boolean last = false;
    for (var header = line(); !header.isEmpty(); header = line()) {
      var lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      } else if (lower.equals("connection: close")) {
        last = true;
      }
    }
    if (length > MAX_BODY) {
      throw new IOException("the tracker answers with " + length + " bytes");
    }
    var body = in.readNBytes(length);
    bytes.add(length);
    if (body.length < length) {
      throw new EOFException("the tracker's answer ends early");
    }
    if (last) {
      close();
    }
    return new Answer(status, body);
  }

  /** Without its end. */
  private String line() throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > MAX_LINE) {
        throw new EOFException("the tracker has closed the connection");
      }
      line.append((char) next);
    }
    bytes.add(line.length() + 1L);
    return line.toString().stripTrailing();
  }

  private synchronized Socket open() throws IOException {
    if (socket == null) {
      var opened = new Socket();
      opened.setTcpNoDelay(true);
      opened.setSoTimeout(LONG_POLL_MILLIS);
      if (own != null) {
        opened.bind(new InetSocketAddress(own, 0));
      }
      opened.connect(tracker, CONNECT_MILLIS);
      socket = opened;
      in = new BufferedInputStream(opened.getInputStream(), 1024);
    }
    return socket;
  }

  /** Whoever waits for an answer gets an {@link IOException}. */
  @Override
  public synchronized void close() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is of no use any more, whatever it says.
    }
    socket = null;
  }
}
