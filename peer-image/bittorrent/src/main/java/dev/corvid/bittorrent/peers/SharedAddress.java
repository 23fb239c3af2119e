package dev.corvid.bittorrent.peers;

import java.net.InetAddress;

/**
 * Addresses that unrelated processes share: on loopback, all that did not choose one of its other
 * addresses. There no bound and no ban is by address.
 */
public final class SharedAddress {
  private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");

  private SharedAddress() {}

  public static boolean is(InetAddress host) {
    return host.equals(IPV4) || host.equals(IPV6);
  }
}
