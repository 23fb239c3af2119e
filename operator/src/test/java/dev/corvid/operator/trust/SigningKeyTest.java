package dev.corvid.operator.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.config.Trust;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.ReleaseName;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
  private final SigningKey key = SigningKey.generate();

  @Test
  void signsWhatThePublicKeyVerifies() throws Exception {
    var grant =
        new Grant(
            "11-22",
            new ReleaseName("search", "model"),
            null,
            "default",
            1,
            0,
            1,
            Grant.Action.REMOVE,
            null,
            null,
            null,
            null,
            List.of("a"));
    var trust = new Trust(Map.of(key.id(), key.publicKey()), "issuer", "{}", "peer", "operator");

    assertThat(key.sign(grant).verify(trust.publicKeys())).isEqualTo(grant);
  }

  @Test
  void survivesInItsSecret() {
    SigningKey restored = SigningKey.of(key.toSecret("corvid-system"));

    assertThat(restored.id()).isEqualTo(key.id());
    assertThat(restored.publicationKey("u", "s")).isEqualTo(key.publicationKey("u", "s"));
  }

  @Test
  void givesEachReleaseAndSourceAKeyOfItsOwn() {
    assertThat(key.publicationKey("u", "s"))
        .hasSize(32)
        .isNotEqualTo(key.publicationKey("v", "s"))
        .isNotEqualTo(key.publicationKey("u", "t"))
        .isNotEqualTo(SigningKey.generate().publicationKey("u", "s"));
  }

  @Test
  void saysWhatToDoAboutASecretWithoutAKey() {
    var empty =
        new SecretBuilder().withNewMetadata().withName("corvid-signing").endMetadata().build();

    assertThatThrownBy(() -> SigningKey.of(empty)).hasMessageContaining("restore it from a backup");
  }
}
