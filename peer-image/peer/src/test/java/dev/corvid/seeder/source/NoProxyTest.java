package dev.corvid.seeder.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
  @ParameterizedTest
  @CsvSource({
    "example.com, example.com, true",
    "example.com, EXAMPLE.com., true",
    "example.com, a.example.com, true",
    "example.com., a.example.com, true",
    "example.com, badexample.com, false",
    ".example.com, a.b.example.com, true",
    ".example.com, example.com, false",
    ".svc, models.search.svc, true",
    ".svc, models.search.svc.cluster.local, false",
    "10.0.0.0/8, 10.example.com, false"
  })
  void namesAreThoseOfNoProxy(String listed, String host, boolean covered) {
    assertThat(new NoProxy(List.of(listed)).cover(host)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.1.2.3, true",
    "10.0.0.0/8, 11.1.2.3, false",
    "10.1.2.3, 10.1.2.3, true",
    "::ffff:10.1.2.3, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.1.2.3, false",
    "fd00::/8, fd12::1, true",
    "fd00::/8, 10.1.2.3, false",
    "example.com, 10.1.2.3, false"
  })
  void blocksAreOfAddresses(String listed, String address, boolean covered) {
    assertThat(new NoProxy(List.of(listed)).cover(InetAddress.ofLiteral(address)))
        .isEqualTo(covered);
  }
}
