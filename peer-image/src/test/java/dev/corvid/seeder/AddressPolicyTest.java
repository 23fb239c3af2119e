package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private final AddressPolicy policy = new AddressPolicy(List.of());

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
        "10.96.0.10",
        "192.168.1.1",
        "198.18.0.1",
        "93.184.216.34",
        "fd12::7",
        "2606:2800::1",
      })
  void permitsPrivateAndPublicAddresses(String address) {
    assertThat(policy.refusal(InetAddress.ofLiteral(address))).isEmpty();
  }

  @Test
  void permitsWhatAnAdministratorAllowed() {
    var open = new AddressPolicy(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1")));

    assertThat(open.refusal(InetAddress.ofLiteral("127.0.0.1"))).isEmpty();
    assertThat(open.refusal(InetAddress.ofLiteral("::1"))).isEmpty();
    assertThat(open.refusal(InetAddress.ofLiteral("169.254.169.254"))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", ""})
  void aBlockThatIsNoneSaysWhatWouldBe(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write 10.0.0.0/8");
  }
}
