package dev.corvid.seeder.source;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The IPv4 addresses that an IPv6 address carries: gateways and translators connect to those, so
 * that the IPv6 address is as dangerous as they are.
 */
final class EmbeddedIpv4 {
  /**
   * Where behind its prefix the IPv4 address is, by the index of each byte. A local NAT64 prefix
   * may have any of four lengths: the address is read by all of them.
   */
  private static final List<Form> FORMS =
      List.of(
          new Form("::/96", 12, 13, 14, 15), // IPv4-compatible, RFC 4291, 2.5.5.1
          new Form("::ffff:0:0:0/96", 12, 13, 14, 15), // IPv4-translated, RFC 2765, 2.1
          new Form("64:ff9b::/96", 12, 13, 14, 15), // NAT64, RFC 6052, 2.1
          new Form("64:ff9b:1::/48", 12, 13, 14, 15), // local NAT64, RFC 8215; RFC 6052, 2.2, /96
          new Form("64:ff9b:1::/48", 9, 10, 11, 12), // the same, /64
          new Form("64:ff9b:1::/48", 7, 9, 10, 11), // the same, /56
          new Form("64:ff9b:1::/48", 6, 7, 9, 10), // the same, /48
          new Form("2002::/16", 2, 3, 4, 5)); // 6to4, RFC 3056, 2

  /** A prefix of which only one of the readings is meant: 0.0.0.0/8 is what the others show. */
  private static final Cidr AMBIGUOUS = Cidr.parse("64:ff9b:1::/48");

  /** Before the IPv4 address in an interface identifier of ISATAP (RFC 5214, 6.1). */
  private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

  private record Form(Cidr block, int... bytes) {
    Form(String block, int... bytes) {
      this(Cidr.parse(block), bytes);
    }
  }

  private EmbeddedIpv4() {}

  /** Those that count, none for an IPv4 address. */
  static List<InetAddress> of(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return List.of();
    }
    var formed =
        FORMS.stream()
            .filter(form -> form.block().contains(address))
            .map(form -> at(bytes, form.bytes()))
            .filter(found -> !AMBIGUOUS.contains(address) || found.getAddress()[0] != 0);
    var isatap = isIsatap(bytes) ? Stream.of(at(bytes, 12, 13, 14, 15)) : Stream.<InetAddress>of();
    return Stream.concat(formed, isatap).toList();
  }

  /**
   * The IPv4 address, if this is one in IPv6 notation (RFC 4291, 2.5.5.2). Java itself makes such
   * literals plain, but not the answers of the DNS.
   */
  static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean mapped =
        bytes.length == 16
            && IntStream.range(0, 10).allMatch(i -> bytes[i] == 0)
            && bytes[10] == -1
            && bytes[11] == -1;
    return mapped ? at(bytes, 12, 13, 14, 15) : address;
  }

  private static boolean isIsatap(byte[] bytes) {
    var identifier = Arrays.copyOfRange(bytes, 8, 12);
    identifier[0] &= ~0x02; // set where the IPv4 address is unique in the world
    return Arrays.equals(identifier, ISATAP);
  }

  private static InetAddress at(byte[] bytes, int... indices) {
    var found = new byte[4];
    for (int i = 0; i < found.length; i++) {
      found[i] = bytes[indices[i]];
    }
    return Cidr.of(found, 32).network();
  }
}
