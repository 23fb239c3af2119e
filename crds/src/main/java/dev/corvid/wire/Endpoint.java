package dev.corvid.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * {@code address:port} as it travels in messages and stands in flags: {@code 10.1.2.3:6881}, {@code
 * [fd00::7]:6881}. Only IP addresses: reading one never asks a name server.
 */
public record Endpoint(String address, int port) {
  public Endpoint {
    Require.range(port, 0, 65_535, "port");
    InetAddress.ofLiteral(Require.text(address, "address", 45));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when the text has another form
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && colon > 0 && text.charAt(colon - 1) == ']';
    String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, Math.max(colon, 0));
    if (!bracketed && host.indexOf(':') >= 0 || host.isEmpty()) {
      throw malformed(text, null);
    }
    try {
      return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw malformed(text, e);
    }
  }

  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral(address), port);
  }

  public static Endpoint of(InetSocketAddress socket) {
    return new Endpoint(socket.getAddress().getHostAddress(), socket.getPort());
  }

  @Override
  public String toString() {
    return address.indexOf(':') < 0 ? address + ":" + port : "[" + address + "]:" + port;
  }

  private static IllegalArgumentException malformed(String text, Exception cause) {
    return new IllegalArgumentException(
        text + " is not an address; write 10.1.2.3:6881 or [fd00::7]:6881", cause);
  }
}
