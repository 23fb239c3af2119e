package dev.corvid.e2e.attack;

import java.net.InetSocketAddress;

/** HOST:PORT. */
final class HostAndPort {
  private HostAndPort() {}

  static InetSocketAddress of(String target) {
    int colon = target.lastIndexOf(':');
    return new InetSocketAddress(
        target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)));
  }
}
