package dev.corvid.tracker;

import dev.corvid.http.HttpConnection;
import dev.corvid.http.Rank;
import dev.corvid.trust.Caller;
import dev.corvid.trust.TokenRefused;
import dev.corvid.trust.TokenVerifier;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.Trust;
import java.io.IOException;

/** Who may speak here, and for whom. Thread-safe. */
final class Access {
  private final TrustFile trust;
  private final TokenVerifier verifier;

  Access(TrustFile trust, TokenVerifier verifier) {
    this.trust = trust;
    this.verifier = verifier;
  }

  void requireOperator(String authorization) throws Refused {
    Caller caller = caller(authorization);
    if (!caller.subject().equals(trust().operatorSubject())) {
      throw new Refused(Refusal.SUBJECT, caller.subject() + " is not the operator");
    }
  }

  void requirePeer(String authorization, String node) throws Refused {
    Caller caller = caller(authorization);
    if (!isPeer(caller)) {
      throw new Refused(Refusal.SUBJECT, caller.subject() + " is not a peer");
    }
    if (!node.equals(caller.node())) {
      throw new Refused(
          Refusal.NODE, "the peer of node " + caller.node() + " cannot speak for node " + node);
    }
  }

  /** Any valid caller: a peer on a node, or a pod that may turn out to be a seeder. */
  Caller caller(String authorization) throws Refused {
    try {
      Caller caller = verifier.verify(authorization);
      authenticated(caller);
      return caller;
    } catch (TokenRefused e) {
      throw new Refused(kind(e.kind()), e.getMessage());
    } catch (IOException e) {
      throw noTrust(e);
    }
  }

  /** Each node's peer counts by itself; any other pod with those of its service account. */
  private void authenticated(Caller caller) throws Refused {
    boolean peer = isPeer(caller);
    boolean member = peer || caller.subject().equals(trust().operatorSubject());
    String name = peer ? caller.subject() + " on " + caller.node() : caller.subject();
    Rank rank = member ? Rank.MEMBER : Rank.AUTHENTICATED;
    if (!HttpConnection.current().authenticated(name, rank)) {
      throw new Refused(Refusal.CONNECTIONS, "too many connections of " + name);
    }
  }

  boolean isPeer(Caller caller) throws Refused {
    return caller.subject().equals(trust().peerSubject());
  }

  private Trust trust() throws Refused {
    try {
      return trust.trust();
    } catch (IOException e) {
      throw noTrust(e);
    }
  }

  private static Refused noTrust(IOException e) {
    return new Refused(Refusal.TRUST, "the tracker cannot read its trust file: " + e.getMessage());
  }

  private static Refusal kind(TokenRefused.Kind kind) {
    return switch (kind) {
      case MISSING -> Refusal.TOKEN_MISSING;
      case MALFORMED -> Refusal.TOKEN_MALFORMED;
      case SIGNATURE -> Refusal.TOKEN_SIGNATURE;
      case ISSUER -> Refusal.TOKEN_ISSUER;
      case AUDIENCE -> Refusal.TOKEN_AUDIENCE;
      case TIME -> Refusal.TOKEN_TIME;
    };
  }
}
