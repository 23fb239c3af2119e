package dev.corvid.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corvid.trust.TokenRefused.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenVerifierTest {
  @TempDir Path directory;
  private TestCluster cluster;
  private TokenVerifier verifier;

  @BeforeEach
  void open() throws IOException {
    cluster = new TestCluster(directory);
    verifier = new TokenVerifier(new TrustFile(cluster.trustFile()), InstantSource.system());
  }

  @Test
  void namesTheCallerWithItsNodeAndPod() throws Exception {
    Caller caller = verifier.verify("Bearer " + cluster.peerToken("node-1"));
    assertThat(caller).isEqualTo(new Caller(TestCluster.PEER, "node-1", "pod-node-1"));
  }

  @Test
  void leavesNodeAndPodOpenWhenTheTokenIsBoundToNone() throws Exception {
    assertThat(verifier.verify("Bearer " + cluster.operatorToken()))
        .isEqualTo(new Caller(TestCluster.OPERATOR, null, null));
  }

  @Test
  void refusesRequestsWithoutAToken() {
    assertThat(refusal(null)).isEqualTo(Kind.MISSING);
    assertThat(refusal("Basic dXNlcjpwYXNz")).isEqualTo(Kind.MISSING);
  }

  @Test
  void refusesWhatIsNoToken() {
    assertThat(refusal("Bearer not.a.token")).isEqualTo(Kind.MALFORMED);
    assertThat(refusal("Bearer " + "a".repeat(1 << 15))).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void refusesATokenForAnotherAudience() {
    String token = cluster.token(claims -> claims.audience("https://kubernetes.default.svc"));
    assertThat(refusal("Bearer " + token)).isEqualTo(Kind.AUDIENCE);
  }

  @Test
  void refusesATokenOfAnotherIssuer() {
    assertThat(refusal("Bearer " + cluster.token(claims -> claims.issuer("https://else"))))
        .isEqualTo(Kind.ISSUER);
  }

  @Test
  void refusesATokenOfAnotherClustersKey() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    String token = new TestCluster(elsewhere).operatorToken();
    assertThat(refusal("Bearer " + token)).isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void refusesATokenThatIsNotSignedAtAll() {
    String[] parts = cluster.operatorToken().split("\\.");
    String none =
        Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
    assertThat(refusal("Bearer " + none + "." + parts[1] + ".")).isEqualTo(Kind.MALFORMED);
    assertThat(refusal("Bearer " + parts[0] + "." + parts[1] + ".AAAA")).isEqualTo(Kind.SIGNATURE);
  }

  @Test
  void toleratesClocksThatDifferByMinutesOnly() throws Exception {
    Instant now = Instant.now();
    String token = cluster.token(claims -> claims.expirationTime(Date.from(now)));
    assertThat(verifierAt(now.plusSeconds(299)).verify("Bearer " + token)).isNotNull();
    assertThat(refusal(verifierAt(now.plusSeconds(302)), "Bearer " + token)).isEqualTo(Kind.TIME);
    assertThat(refusal(verifierAt(now.minusSeconds(302)), "Bearer " + token)).isEqualTo(Kind.TIME);
  }

  @Test
  void refusesATokenThatNeverExpires() {
    assertThat(refusal("Bearer " + cluster.token(claims -> claims.expirationTime(null))))
        .isEqualTo(Kind.TIME);
  }

  private TokenVerifier verifierAt(Instant instant) {
    return new TokenVerifier(new TrustFile(cluster.trustFile()), InstantSource.fixed(instant));
  }

  private Kind refusal(String authorization) {
    return refusal(verifier, authorization);
  }

  private static Kind refusal(TokenVerifier verifier, String authorization) {
    return catchThrowableOfType(TokenRefused.class, () -> verifier.verify(authorization)).kind();
  }
}
