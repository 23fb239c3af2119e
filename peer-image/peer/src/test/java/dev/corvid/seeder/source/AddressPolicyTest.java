package dev.corvid.seeder.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private final AddressPolicy policy = new AddressPolicy(List.of(), List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "169.254.169.254",
        "169.254.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "100.100.100.200",
        "::",
        "::1",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::169.254.169.254",
        "2002:7f00:1::",
      })
  void refusesWhatOnlyTheNodeOrThePodCanReach(String address) {
    assertThat(policy.refusal(InetAddress.ofLiteral(address))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "fd00:a9fe:a9fe::1",
        "fd00:100::100:200",
        "::ffff:169.254.169.254",
        "::ffff:100.100.100.200",
        "::ffff:0:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "64:ff9b:1:ffff:ffff:ffff:169.254.169.254",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1:a9fe:a9:fe00:0:1",
        "64:ff9b:1:a9:fe:a9fe::",
        "64:ff9b:1:0:a9:fea9:fe00:0",
        "2002:a9fe:a9fe::1",
        "2001:0:4136:e378:8000:63bf:5601:5601",
        "2001:0:a9fe:a9fe::1",
        "2606:2800::5efe:169.254.169.254",
        "fd12::200:5efe:100.100.100.200",
      })
  void metadataServersOfAllClouds(String address) throws Exception {
    assertThat(policy.refusal(raw(address))).isPresent();
  }

  /** As a resolver may give it: an IPv4-mapped address that is still of class Inet6Address. */
  private static InetAddress raw(String literal) throws Exception {
    var parsed = InetAddress.ofLiteral(literal);
    if (!literal.startsWith("::ffff:") || !(parsed instanceof Inet4Address)) {
      return parsed;
    }
    var bytes = new byte[16];
    bytes[10] = bytes[11] = (byte) 0xff;
    System.arraycopy(parsed.getAddress(), 0, bytes, 12, 4);
    return Inet6Address.getByAddress(null, bytes, -1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.96.0.10",
        "192.168.1.1",
        "198.18.0.1",
        "93.184.216.34",
        "fd12::7",
        "2606:2800::1",
        "fd20:cf::254",
        "fd00:43::42",
        "64:ff9b::93.184.216.34",
        "64:ff9b:1::93.184.216.34",
        "2002:5db8:d822::1",
        "2606:2800::5efe:93.184.216.34",
      })
  void permitsPrivateAndPublicAddresses(String address) {
    assertThat(policy.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  @Test
  void permitsWhatAnAdministratorAllowed() {
    var open = new AddressPolicy(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")), List.of());

    assertThat(open.refusal(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
    assertThat(open.refusal(InetAddress.ofLiteral("::1"))).isEmpty();
    assertThat(open.refusal(InetAddress.ofLiteral("169.254.169.254"))).isPresent();
  }

  @Test
  void refusesWhatAnAdministratorDeniedInEveryForm() throws Exception {
    var blocks = List.of(Cidr.parse("10.96.0.0/12"), Cidr.parse("fd12::/16"));
    var closed = new AddressPolicy(List.of(Cidr.parse("10.0.0.0/8")), blocks);

    for (var literal :
        List.of(
            "10.96.0.1", "::ffff:10.96.0.1", "64:ff9b::10.100.0.1", "2002:a60:1::", "fd12::1")) {
      assertThat(closed.refusal(raw(literal))).as(literal).isPresent();
    }
    assertThat(closed.refusal(InetAddress.ofLiteral("10.95.0.1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", ""})
  void aBlockThatIsNoneSaysWhatWouldBe(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write 10.0.0.0/8");
  }
}
