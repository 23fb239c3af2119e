package dev.corvid.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {
  @ParameterizedTest
  @CsvSource({"10.1.2.3, 10.1.2.3:6881", "fd00::7, [fd00:0:0:0:0:0:0:7]:6881"})
  void areWrittenAsFlagsTakeThem(String host, String text) {
    assertThat(Addresses.text(new InetSocketAddress(InetAddress.ofLiteral(host), 6881)))
        .isEqualTo(text);
  }

  @Test
  void nameTheHostOnlyWhereNoAddressIsKnown() throws Exception {
    var named = InetAddress.getByAddress("node", new byte[] {10, 0, 0, 1});

    assertThat(Addresses.text(new InetSocketAddress(named, 1))).isEqualTo("10.0.0.1:1");
    assertThat(Addresses.text(InetSocketAddress.createUnresolved("proxy", 3128)))
        .isEqualTo("proxy:3128");
  }
}
