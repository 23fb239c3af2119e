package dev.corvid.log;

/** What can happen to a release: the value of {@link LogKey#EVENT}. docs/logs.md has them. */
public enum LogEvent {
  /** The operator has not reconciled it before. */
  ReleaseSeen("the operator sees the release for the first time"),
  SpecChanged("the spec was changed"),
  RevisionDecided("the nodes are to hold this revision"),
  WaveBegan("the next wave of the roll-out begins"),
  RolledOut("the revision is active on every node that is to have it"),
  ReleaseReady("the release is ready"),
  ReleaseProgressing("the release makes progress"),
  /** Paused, suspended, or it waits for somebody. */
  ReleaseHeld("the roll-out is held"),
  ReleaseFailed("the release is not ready"),
  /** The operator tells nodes to remove it; the reason says why. */
  RemovalOrdered("nodes are told to remove the release"),
  DeletionBegan("the release is being deleted"),
  ReleaseDeleted("the release is deleted"),

  FetchBegan("the fetch of the source begins"),
  MirrorTried("this URL did not give the content; the next one is asked"),
  FetchFailed("the attempt at the source failed"),
  FetchEnded("the source is fetched"),
  Published("the revision is published"),

  DownloadBegan("the download of the revision begins"),
  Placed("the revision is whole and verified on this node"),
  Switched("current points to another revision"),
  DamageFound("files of the revision changed on this node's disk"),
  DamageMended("the damaged files were replaced"),
  RevisionRemoved("a revision was removed from this node"),
  ReleaseRemoved("the release was removed from this node"),
  ReleaseLeft("the release is no longer served; its files stay on this node"),
  PlacementFailed("the revision cannot be placed for now");

  private final String message;

  LogEvent(String message) {
    this.message = message;
  }

  /** The line's message, unless there is more to say. */
  public String message() {
    return message;
  }
}
