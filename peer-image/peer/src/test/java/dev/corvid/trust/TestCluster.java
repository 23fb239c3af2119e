package dev.corvid.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.corvid.wire.Wire;
import dev.corvid.wire.config.Trust;
import dev.corvid.wire.grant.Grant;
import dev.corvid.wire.grant.SignedGrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A cluster's keys, made for one test: issues tokens, signs grants, writes the trust file. */
public final class TestCluster {
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  public static final String PEER = "system:serviceaccount:corvid:corvid-peer";
  public static final String OPERATOR = "system:serviceaccount:corvid:corvid-operator";

  private final Path directory;
  private final ECKey tokenKey;
  private KeyPair grantKey;

  public TestCluster(Path directory) throws IOException {
    try {
      this.directory = directory;
      tokenKey = new ECKeyGenerator(Curve.P_256).keyID("t1").generate();
      grantKey = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (JOSEException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    writeTrust();
  }

  public Path trustFile() {
    return directory.resolve(Trust.FILE);
  }

  /** Trusts the grant key of another cluster from now on, in the place of its own. */
  public void trustGrantsOf(TestCluster other) throws IOException {
    grantKey = other.grantKey;
    writeTrust();
  }

  /** Replaces the trust file as the kubelet does: at once, by a rename. */
  private void writeTrust() throws IOException {
    var trust =
        new Trust(
            Map.of("g1", Base64.getEncoder().encodeToString(grantKey.getPublic().getEncoded())),
            ISSUER,
            new JWKSet(tokenKey.toPublicJWK()).toString(),
            PEER,
            OPERATOR);
    Path next = Files.write(directory.resolve("next"), Wire.encode(trust));
    Files.move(next, trustFile(), StandardCopyOption.REPLACE_EXISTING);
  }

  public SignedGrant sign(Grant grant) {
    return SignedGrant.sign(grant, "g1", grantKey.getPrivate());
  }

  public String operatorToken() {
    return token(claims -> claims.subject(OPERATOR));
  }

  public String peerToken(String node) {
    return token(claims -> claims.subject(PEER).claim("kubernetes.io", bound(node, "pod-" + node)));
  }

  public String seederToken(String podUid) {
    return token(
        claims ->
            claims
                .subject("system:serviceaccount:search:default")
                .claim("kubernetes.io", bound("any-node", podUid)));
  }

  /** Writes a token file as the kubelet projects it. */
  public Path tokenFile(String name, String token) throws IOException {
    return Files.writeString(directory.resolve(name), token + "\n");
  }

  /** A token with the usual claims, changed at will. */
  public String token(Consumer<JWTClaimsSet.Builder> change) {
    Instant now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(List.of(Wire.AUDIENCE))
            .subject(PEER)
            .notBeforeTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(3600)));
    change.accept(claims);
    try {
      var jwt =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("t1").build(), claims.build());
      jwt.sign(new ECDSASigner(tokenKey));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> bound(String node, String podUid) {
    return Map.of("node", Map.of("name", node), "pod", Map.of("name", "p", "uid", podUid));
  }
}
