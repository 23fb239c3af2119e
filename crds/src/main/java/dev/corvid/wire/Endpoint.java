package dev.corvid.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * The one form of an IP address: {@code fd00::7} and {@code fd00:0:0::7} are equal in it.
   *
   * @throws IllegalArgumentException when the text is no IP address
   */
  public static String canonical(String address) {
    return text(InetAddress.ofLiteral(address));
  }

  /** The same of what another party wrote; empty when it is no IP address. */
  public static Optional<String> ifAddress(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(canonical(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The address that a connection comes from, in that same form. */
  public static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /**
   * Whether a peer at that address may be told to connect here. An honest pod has no such address;
   * whoever names one aims the peer at its own node, at the node's link, or at a metadata service.
   *
   * @param own address of the peer; one on loopback, as in a test, has its neighbours there
   */
  public boolean mayBeDialledFrom(InetAddress own) {
    InetAddress target = InetAddress.ofLiteral(address);
    if (port == 0
        || target.isAnyLocalAddress()
        || target.isMulticastAddress()
        || target.isLinkLocalAddress()
        || target.getHostAddress().equals("255.255.255.255")) {
      return false;
    }
    return own.isLoopbackAddress() || !target.isLoopbackAddress() && !target.equals(own);
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

  private static IllegalArgumentException malformed(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        text + " is not an address; write 10.1.2.3:6881 or [fd00::7]:6881", cause);
  }
}
