package dev.corvid.tracker;

import dev.corvid.http.ConnectionPriority;
import dev.corvid.http.HttpConnection;
import dev.corvid.trust.Caller;
import dev.corvid.trust.TokenRefused;
import dev.corvid.trust.TokenVerifier;
import dev.corvid.trust.TrustFile;
import dev.corvid.wire.config.Trust;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Decides which caller may send what, and for which node. Thread-safe. */
final class Authorizer {
  private final TrustFile trust;
  private final TokenVerifier verifier;

  Authorizer(TrustFile trust, TokenVerifier verifier) {
    this.trust = trust;
    this.verifier = verifier;
  }

  void requireOperator(@Nullable String authorization) throws RequestRejected {
    Caller caller = caller(authorization);
    if (!caller.subject().equals(trust().operatorSubject())) {
      throw new RequestRejected(RejectionKind.SUBJECT, caller.subject() + " is not the operator");
    }
  }

  void requirePeer(@Nullable String authorization, String node) throws RequestRejected {
    Caller caller = caller(authorization);
    if (!isPeer(caller)) {
      throw new RequestRejected(RejectionKind.SUBJECT, caller.subject() + " is not a peer");
    }
    if (!node.equals(caller.node())) {
      throw new RequestRejected(
          RejectionKind.NODE,
          "the peer of node " + caller.node() + " cannot speak for node " + node);
    }
  }

  /** Any valid caller: a peer on a node, or a pod that may turn out to be a seeder. */
  Caller caller(@Nullable String authorization) throws RequestRejected {
    try {
      Caller caller = verifier.verify(authorization);
      authenticated(caller);
      return caller;
    } catch (TokenRefused e) {
      throw new RequestRejected(kind(e.kind()), e.getMessage());
    } catch (IOException e) {
      throw noTrust(e);
    }
  }

  /** Each node's peer counts by itself; any other pod with those of its service account. */
  private void authenticated(Caller caller) throws RequestRejected {
    boolean peer = isPeer(caller);
    boolean member = peer || caller.subject().equals(trust().operatorSubject());
    String name = peer ? caller.subject() + " on " + caller.node() : caller.subject();
    ConnectionPriority priority =
        member ? ConnectionPriority.MEMBER : ConnectionPriority.AUTHENTICATED;
    if (!HttpConnection.current().authenticated(name, priority)) {
      throw new RequestRejected(RejectionKind.CONNECTIONS, "too many connections of " + name);
    }
  }

  /** The node that a peer runs on. */
  String node(Caller peer) throws RequestRejected {
    String node = peer.node();
    if (node == null) {
      throw new RequestRejected(RejectionKind.NODE, "the token of the peer names no node");
    }
    return node;
  }

  boolean isPeer(Caller caller) throws RequestRejected {
    return caller.subject().equals(trust().peerSubject());
  }

  private Trust trust() throws RequestRejected {
    try {
      return trust.trust();
    } catch (IOException e) {
      throw noTrust(e);
    }
  }

  private static RequestRejected noTrust(IOException e) {
    return new RequestRejected(
        RejectionKind.TRUST, "the tracker cannot read its trust file: " + e.getMessage());
  }

  private static RejectionKind kind(TokenRefused.Kind kind) {
    return switch (kind) {
      case MISSING -> RejectionKind.TOKEN_MISSING;
      case MALFORMED -> RejectionKind.TOKEN_MALFORMED;
      case SIGNATURE -> RejectionKind.TOKEN_SIGNATURE;
      case ISSUER -> RejectionKind.TOKEN_ISSUER;
      case AUDIENCE -> RejectionKind.TOKEN_AUDIENCE;
      case TIME -> RejectionKind.TOKEN_TIME;
    };
  }
}
