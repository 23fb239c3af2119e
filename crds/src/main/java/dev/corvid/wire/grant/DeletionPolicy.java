package dev.corvid.wire.grant;

/** What becomes of a release's files on the nodes when the release is deleted. */
public enum DeletionPolicy {
  DELETE,
  RETAIN
}
