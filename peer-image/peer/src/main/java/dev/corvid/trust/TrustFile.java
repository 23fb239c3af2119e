package dev.corvid.trust;

import com.nimbusds.jose.jwk.JWKSet;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.config.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.Map;

/**
 * The trust anchor as mounted from the ConfigMap {@code corvid-trust}, re-read when it changes.
 * Thread-safe.
 */
public final class TrustFile {
  private final FreshFile<Anchor> file;

  public TrustFile(Path path) {
    file = new FreshFile<>(path, TrustFile::parse);
  }

  /** The file's content, with its keys parsed. */
  record Anchor(Trust trust, Map<String, PublicKey> grantKeys, JWKSet tokenKeys) {}

  /**
   * The keys that are trusted now to sign grants, by key id.
   *
   * @throws IOException when the trust file cannot be read
   */
  public Map<String, PublicKey> grantKeys() throws IOException {
    return anchor().grantKeys();
  }

  /**
   * Who issues tokens and who is who.
   *
   * @throws IOException when the trust file cannot be read
   */
  public Trust trust() throws IOException {
    return anchor().trust();
  }

  Anchor anchor() throws IOException {
    return file.value();
  }

  private static Anchor parse(byte[] content) throws WireException {
    Trust trust = Wire.decode(content, Trust.class);
    try {
      return new Anchor(trust, trust.publicKeys(), JWKSet.parse(trust.jwks()).toPublicJWKSet());
    } catch (ParseException e) {
      throw new WireException("the key set of the trust file cannot be read", e);
    }
  }
}
