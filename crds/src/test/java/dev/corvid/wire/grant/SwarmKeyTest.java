package dev.corvid.wire.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class SwarmKeyTest {
  private static final String INFO_HASH = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void aNameOfASwarmIsPinned() {
    // printf 'corvid-swarm-name-v1\n%s' INFO_HASH | openssl dgst -sha256 -mac HMAC -macopt
    // hexkey:00…00
    assertThat(SwarmKey.of(new byte[32]).swarmOf(INFO_HASH))
        .isEqualTo("a02e55eca0715fd8dbc32b544e85678dce9e2703");
  }

  @Test
  void anotherKeyOrContentIsAnotherSwarm() {
    var key = new byte[32];
    key[31] = 1;
    String swarm = SwarmKey.of(key).swarmOf(INFO_HASH);
    assertThat(swarm)
        .isNotEqualTo(SwarmKey.of(new byte[32]).swarmOf(INFO_HASH))
        .isNotEqualTo(SwarmKey.of(key).swarmOf(INFO_HASH.replace('0', '8')));
  }

  @Test
  void whatIsNoKeyIsRefused() {
    assertThatThrownBy(() -> new SwarmKey(Base64.getEncoder().encodeToString(new byte[16])))
        .hasMessageContaining("32 bytes");
    assertThatThrownBy(() -> SwarmKey.of(new byte[32]).swarmOf("../etc"))
        .hasMessageContaining("40 hex digits");
  }

  @Test
  void itsTextSaysNothingOfTheKey() {
    assertThat(SwarmKey.of(new byte[32]).toString()).doesNotContain("AAAA");
  }
}
