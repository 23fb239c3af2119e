package dev.corvid.wire.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corvid.wire.WireException;
import dev.corvid.wire.config.Trust;
import dev.corvid.wire.seeder.Publication;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may say what: signatures of grants, proofs of publications. */
class ProofTest {
  private static final Grant GRANT =
      new Grant(
          "uid-1",
          new ReleaseName("search", "model"),
          null,
          "default",
          1,
          0,
          7,
          Grant.Action.REMOVE,
          null,
          null,
          List.of(),
          DeletionPolicy.DELETE,
          List.of("node-1"));
  private final KeyPair keys = keyPair();
  private final SignedGrant signed = SignedGrant.sign(GRANT, "a", keys.getPrivate());

  @Test
  void aGrantIsReadByWhoTrustsTheKey() throws WireException {
    assertThat(signed.verify(Map.of("a", keys.getPublic()))).isEqualTo(GRANT);
  }

  @Test
  void aGrantThatWasTouchedIsRefused() {
    String widened = signed.payload().replace("node-1", "node-2");
    assertRefused(new SignedGrant(widened, "a", signed.signature()));
    assertRefused(new SignedGrant(signed.payload(), "b", signed.signature()));
    assertRefused(new SignedGrant(signed.payload(), "a", "bm90IGEgc2lnbmF0dXJl"));
    assertRefused(new SignedGrant(signed.payload(), "a", "not base64!"));
    assertRefused(SignedGrant.sign(GRANT, "a", keyPair().getPrivate()));
  }

  @Test
  void theTrustFileCarriesTheKey() throws WireException {
    String key = Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    Trust trust = new Trust(Map.of("a", key), "issuer", "{}", "peer", "operator");
    assertThat(signed.verify(trust.publicKeys())).isEqualTo(GRANT);
  }

  @Test
  void aPublicationIsProvenByItsKeyAlone() {
    String digest = "sha256:" + "ab".repeat(32);
    Content content = new Content(digest, "cd".repeat(20), 1 << 20, 5, 1);
    Publication publication =
        Publication.prove("uid-1", digest, digest, content, 10, new byte[] {1, 2, 3});
    assertThat(publication.isProvenBy(new byte[] {1, 2, 3})).isTrue();
    assertThat(publication.isProvenBy(new byte[] {1, 2, 4})).isFalse();
    Publication planted =
        new Publication(
            "uid-2", digest, digest, content, publication.originBytes(), publication.hmac());
    assertThat(planted.isProvenBy(new byte[] {1, 2, 3})).isFalse();
  }

  private void assertRefused(SignedGrant grant) {
    assertThatThrownBy(() -> grant.verify(Map.of("a", keys.getPublic())))
        .isInstanceOf(WireException.class);
  }

  private static KeyPair keyPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
