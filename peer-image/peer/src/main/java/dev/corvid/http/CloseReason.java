package dev.corvid.http;

/** Why a listener refused or closed a connection, as it is counted. */
public enum CloseReason {
  /** There was no room for it, and none to be made. */
  REFUSED,
  /** It made room for a newer one, all places being taken. */
  FULL,
  /** It made room for a newer one from its own address, which had too many. */
  ADDRESS,
  /** It made room for a newer one of its own caller, who had too many. */
  CALLER,
  /** No request came. */
  IDLE,
  /** The header of a request was not complete in time, or came in too many pieces. */
  HEADER,
  /** The body of a request was not complete in time. */
  BODY,
  /** The client did not take the answer in time. */
  ANSWER
}
