package dev.corvid.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How addresses stand in messages and logs: as flags take them, {@code 10.1.2.3:6881} and {@code
 * [fd00::7]:6881}. Java writes a slash before them, behind which a name may stand or not.
 */
public final class Addresses {
  private Addresses() {}

  public static String text(InetSocketAddress socket) {
    var address = socket.getAddress();
    var host = address == null ? socket.getHostString() : text(address);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getPort();
  }

  public static String text(InetAddress address) {
    return address.getHostAddress();
  }
}
