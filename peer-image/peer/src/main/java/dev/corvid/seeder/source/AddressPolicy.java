package dev.corvid.seeder.source;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses a source may be fetched from: a tenant's URL must not reach what only the node or
 * the pod itself can (loopback, link-local, the clouds' metadata services, unspecified, multicast),
 * nor what the administrator denies. An IPv6 address is judged by the IPv4 address that it carries
 * too. Private networks are open: sources inside the cluster live there.
 */
public final class AddressPolicy {
  private static final String ALLOWED = "the chart's seeder.allowedAddresses";
  private static final String METADATA = "a cloud's metadata service";

  /** Most clouds' metadata services are link-local; the comments say where the others' are from. */
  private static final List<Refused> REFUSED =
      List.of(
          new Refused("0.0.0.0/8", "an unspecified address"), // RFC 791, 3.2
          new Refused("127.0.0.0/8", "a loopback address"), // RFC 1122, 3.2.1.3
          new Refused("169.254.0.0/16", "a link-local address"), // RFC 3927
          new Refused("192.0.0.0/24", "a protocol's own address"), // RFC 6890; Oracle Classic: .192
          new Refused("224.0.0.0/4", "a multicast address"), // RFC 5771
          new Refused("255.255.255.255", "the broadcast address"), // RFC 919
          // Azure, "What is IP address 168.63.129.16?": wire server, host agent.
          new Refused("168.63.129.16", METADATA),
          // Alibaba Cloud ECS, "View instance metadata"; the second is its IPv6 twin.
          new Refused("100.100.100.200", METADATA),
          new Refused("fd00:100::/64", METADATA),
          // Amazon EC2 and EKS: fd00:ec2::254 metadata, ::23 pod identity, ::253 DNS, ::123 time.
          new Refused("fd00:ec2::/32", METADATA),
          // Google Compute Engine, "VM metadata": fd20:ce::254 for IPv6-only instances.
          new Refused("fd20:ce::/64", METADATA),
          // Oracle Cloud, as its SDK's instance principals ask it: fd00:c1::a9fe:a9fe.
          new Refused("fd00:c1::/64", METADATA),
          // Scaleway, as cloud-init's DataSourceScaleway asks it: fd00:42::42.
          new Refused("fd00:42::/64", METADATA),
          // Akamai (Linode), as cloud-init's DataSourceAkamai asks it: fd00:a9fe:a9fe::1.
          new Refused("fd00:a9fe:a9fe::/64", METADATA),
          new Refused("::", "an unspecified address"), // RFC 4291, 2.5.2
          new Refused("::1", "a loopback address"), // RFC 4291, 2.5.3
          new Refused("2001::/32", "a Teredo address"), // RFC 4380: tunnels to two IPv4 addresses
          new Refused("fe80::/10", "a link-local address"), // RFC 4291, 2.5.6
          new Refused("fec0::/10", "a site-local address"), // RFC 3879
          new Refused("ff00::/8", "a multicast address")); // RFC 4291, 2.7

  private record Refused(Cidr block, String words) {
    public Refused(String block, String words) {
      this(Cidr.parse(block), words);
    }
  }

  private final List<Cidr> allowed;
  private final List<Cidr> denied;

  /**
   * @param allowed what an administrator permits although it is refused otherwise
   * @param denied what an administrator refuses, even what is allowed
   */
  public AddressPolicy(List<Cidr> allowed, List<Cidr> denied) {
    this.allowed = List.copyOf(allowed);
    this.denied = List.copyOf(denied);
  }

  /** Why it may not be connected to; empty if it may. */
  public Optional<String> refusal(InetAddress address) {
    var plain = EmbeddedIpv4.unmapped(address);
    var carried = EmbeddedIpv4.of(plain);
    if (Stream.concat(Stream.of(plain), carried.stream()).anyMatch(a -> in(denied, a))) {
      return Optional.of(
          "which an administrator has closed to sources in the chart's seeder.deniedAddresses");
    }
    if (in(allowed, plain)) {
      return Optional.empty();
    }
    return Stream.concat(Stream.of(plain), carried.stream())
        .filter(judged -> !in(allowed, judged))
        .flatMap(AddressPolicy::kind)
        .findFirst()
        .map(
            kind ->
                kind + ", which sources may not use; an administrator can allow it in " + ALLOWED);
  }

  private static Stream<String> kind(InetAddress address) {
    return REFUSED.stream()
        .filter(refused -> refused.block().contains(address))
        .map(Refused::words);
  }

  private static boolean in(List<Cidr> blocks, InetAddress address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }
}
