package dev.corvid.operator.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpConnectionsTest {
  private final HttpConnections<String> connections = new HttpConnections<>(3);

  @Test
  void theAddressWithTheMostLosesItsOldest() {
    assertThat(connections.add("10.0.0.1", "probe")).isEmpty();
    assertThat(connections.add("10.0.0.2", "first")).isEmpty();
    assertThat(connections.add("10.0.0.2", "second")).isEmpty();

    assertThat(connections.add("10.0.0.2", "third")).contains("first");
    assertThat(connections.add("10.0.0.3", "scrape")).contains("second");
    assertThat(connections.size()).isEqualTo(3);
  }

  @Test
  void oneThatIsClosedLeavesItsPlace() {
    connections.add("10.0.0.1", "a");
    connections.add("10.0.0.1", "b");
    connections.add("10.0.0.1", "c");

    connections.remove("10.0.0.1", "b");
    connections.remove("10.0.0.1", "b");
    connections.remove("10.0.0.9", "b");

    assertThat(connections.size()).isEqualTo(2);
    assertThat(connections.add("10.0.0.1", "d")).isEmpty();
    assertThat(connections.add("10.0.0.1", "e")).contains("a");
  }
}
