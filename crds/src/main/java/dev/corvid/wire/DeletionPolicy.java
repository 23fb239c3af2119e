package dev.corvid.wire;

/** What becomes of a release's files on the nodes when the release is deleted. */
public enum DeletionPolicy {
  DELETE,
  RETAIN
}
