package dev.corvid.seeder;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses a source may be fetched from: a tenant's URL must not reach what only the node or
 * the pod itself can (loopback, link-local with the clouds' metadata services, unspecified,
 * multicast). Addresses that only wrap an IPv4 address are judged by it too. Private networks are
 * open: sources inside the cluster live there.
 */
final class AddressPolicy {
  private static final List<Refused> REFUSED =
      List.of(
          new Refused("0.0.0.0/8", "an unspecified address"),
          new Refused("127.0.0.0/8", "a loopback address"),
          new Refused("169.254.0.0/16", "a link-local address"),
          new Refused("224.0.0.0/4", "a multicast address"),
          new Refused("255.255.255.255", "the broadcast address"),
          new Refused("100.100.100.200", "a cloud's metadata service"),
          new Refused("168.63.129.16", "a cloud's metadata service"),
          new Refused("192.0.0.192", "a cloud's metadata service"),
          new Refused("fd00:ec2::/32", "a cloud's metadata service"),
          new Refused("::", "an unspecified address"),
          new Refused("::1", "a loopback address"),
          new Refused("fe80::/10", "a link-local address"),
          new Refused("fec0::/10", "a site-local address"),
          new Refused("ff00::/8", "a multicast address"));

  /** Prefix, and where behind it the IPv4 address is (RFC 4291, 6052, 3056). */
  private static final List<Wrapping> WRAPPINGS =
      List.of(
          new Wrapping("::/96", 12),
          new Wrapping("64:ff9b::/96", 12),
          new Wrapping("2002::/16", 2));

  private record Refused(Cidr block, String words) {
    Refused(String block, String words) {
      this(Cidr.parse(block), words);
    }
  }

  private record Wrapping(Cidr block, int offset) {
    Wrapping(String block, int offset) {
      this(Cidr.parse(block), offset);
    }
  }

  private final List<Cidr> allowed;

  /**
   * @param allowed what an administrator permits although it is refused otherwise
   */
  AddressPolicy(List<Cidr> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** What kind of address it is, if it may not be connected to. */
  Optional<String> refusal(InetAddress address) {
    if (allowed.stream().anyMatch(block -> block.contains(address))) {
      return Optional.empty();
    }
    var refused =
        REFUSED.stream().filter(r -> r.block().contains(address)).map(Refused::words).findFirst();
    return refused.or(() -> wrapped(address).flatMap(this::refusal));
  }

  private static Optional<InetAddress> wrapped(InetAddress address) {
    if (address instanceof Inet4Address) {
      return Optional.empty();
    }
    return WRAPPINGS.stream()
        .filter(wrapping -> wrapping.block().contains(address))
        .map(wrapping -> ipv4At(wrapping.offset(), address))
        .findFirst();
  }

  private static InetAddress ipv4At(int offset, InetAddress address) {
    byte[] bytes = address.getAddress();
    return Cidr.of(Arrays.copyOfRange(bytes, offset, offset + 4), 32).network();
  }
}
