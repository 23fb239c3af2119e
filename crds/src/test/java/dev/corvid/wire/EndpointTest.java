package dev.corvid.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  private static final InetAddress POD = InetAddress.ofLiteral("10.1.2.3");

  @Test
  void writesAnAddressInOneForm() {
    assertThat(Endpoint.canonical("fd00:0:0::7")).isEqualTo(Endpoint.canonical("fd00::7"));
    assertThat(Endpoint.canonical("::ffff:10.1.2.3")).isEqualTo("10.1.2.3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:6881",
        "[::1]:6881",
        "0.0.0.0:6881",
        "[::]:6881",
        "169.254.169.254:80",
        "[fe80::1]:6881",
        "224.0.0.1:6881",
        "[ff02::1]:6881",
        "255.255.255.255:6881",
        "[::ffff:169.254.169.254]:80",
        "10.1.2.3:9090",
        "10.1.2.4:0"
      })
  void aPodDialsNoAddressThatIsNoOtherPods(String text) {
    assertThat(Endpoint.parse(text).mayBeDialledFrom(POD)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.4:6881", "[fd00::7]:6881", "192.168.0.9:6881"})
  void aPodDialsOtherPods(String text) {
    assertThat(Endpoint.parse(text).mayBeDialledFrom(POD)).isTrue();
  }

  @Test
  void onLoopbackNeighboursAreThere() {
    InetAddress own = InetAddress.ofLiteral("127.0.0.1");
    assertThat(Endpoint.parse("127.0.0.1:6882").mayBeDialledFrom(own)).isTrue();
    assertThat(Endpoint.parse("169.254.169.254:80").mayBeDialledFrom(own)).isFalse();
  }
}
