package dev.corvid.tracker;

/** Why a request is rejected, with its HTTP status; counted by the metrics. */
enum RejectionKind {
  MALFORMED(400),
  TOKEN_MISSING(401),
  TOKEN_MALFORMED(401),
  TOKEN_SIGNATURE(401),
  TOKEN_ISSUER(401),
  TOKEN_AUDIENCE(401),
  TOKEN_TIME(401),
  /** The token is valid, its service account may not do this. */
  SUBJECT(403),
  /** A peer spoke for another node than its own. */
  NODE(403),
  /** A pod acted as the seeder of a release for which the operator named another pod, or none. */
  SEEDER(403),
  /** A peer asked for the swarm of a content that it was not granted. */
  CONTENT(403),
  /**
   * For another instance of the tracker, for a session that this one does not know, or older than
   * the last message.
   */
  TURN(409),
  TOO_LARGE(413),
  /** The caller has as many connections as one may have, and all are in use. */
  CONNECTIONS(429),
  /** No push was marked complete yet. */
  INCOMPLETE(503),
  /** The trust file cannot be read. */
  TRUST(503),
  /** Too many large messages are being read. */
  BUSY(503),
  CLOSING(503);

  private final int status;

  RejectionKind(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
