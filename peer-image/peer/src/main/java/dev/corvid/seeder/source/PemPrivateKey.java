package dev.corvid.seeder.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A private key in PEM (RFC 7468): PKCS #8 (RFC 5958), or what OpenSSL and cert-manager write as
 * well, PKCS #1 of RSA (RFC 8017, A.1.2) and SEC 1 of elliptic curves (RFC 5915).
 */
final class PemPrivateKey {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END ");

  private static final Pattern ENCRYPTED =
      Pattern.compile("-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: *4 *, *ENCRYPTED");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** The version of PKCS #8 without a public key beside, as an INTEGER. */
  private static final byte[] VERSION = {0x02, 0x01, 0x00};

  private PemPrivateKey() {}

  static boolean isEncrypted(String pem) {
    return ENCRYPTED.matcher(pem).find();
  }

  /**
   * @param publicKey says of which algorithm, and on which curve, a key is that does not say so
   * @throws InvalidKeySpecException when it is no private key of that algorithm
   */
  static PrivateKey parse(String pem, PublicKey publicKey) throws GeneralSecurityException {
    var block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new InvalidKeySpecException("no BEGIN PRIVATE KEY");
    }
    byte[] der = decode(block.group(2));
    byte[] pkcs8 =
        block.group(1).isEmpty()
            ? der
            : element(SEQUENCE, VERSION, algorithm(publicKey), element(OCTET_STRING, der));
    return KeyFactory.getInstance(publicKey.getAlgorithm())
        .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  private static byte[] decode(String base64) throws InvalidKeySpecException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("no base64", e);
    }
  }

  /** The AlgorithmIdentifier with which a SubjectPublicKeyInfo begins (RFC 5280, 4.1). */
  private static byte[] algorithm(PublicKey key) {
    var info = ByteBuffer.wrap(key.getEncoded());
    contentLength(info);
    int from = info.position();
    int length = contentLength(info);
    return Arrays.copyOfRange(info.array(), from, info.position() + length);
  }

  /** Reads tag and length of a DER element (X.690, 8.1). */
  private static int contentLength(ByteBuffer der) {
    der.get();
    int first = der.get() & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = 0x80; i < first; i++) {
      length = length << 8 | der.get() & 0xff;
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... contents) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    if (length < 0x80) {
      out.write(length);
    } else {
      out.write(0x83); // of three bytes, more than any Secret has
      out.write(length >> 16);
      out.write(length >> 8);
      out.write(length);
    }
    Arrays.stream(contents).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
