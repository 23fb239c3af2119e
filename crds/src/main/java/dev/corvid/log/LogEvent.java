package dev.corvid.log;

import java.util.Locale;

/**
 * What can happen to a release: the value of {@link LogKey#EVENT}, with what its reference says of
 * each (Markdown).
 */
public enum LogEvent {
  ReleaseSeen(
      Program.OPERATOR,
      "the operator sees the release for the first time",
      "it reconciles the release for the first time"),
  SpecChanged(
      Program.OPERATOR,
      "the spec was changed",
      "the generation of the spec is not the last one that the operator saw; who changed it is in the API server's audit log"),
  RevisionDecided(
      Program.OPERATOR,
      "the nodes are to hold this revision",
      "a revision is published and accepted; the nodes are to hold it"),
  WaveBegan(
      Program.OPERATOR,
      "the next wave of the roll-out begins",
      "the next wave of the roll-out may begin"),
  RolledOut(
      Program.OPERATOR,
      "the revision is active on every node that is to have it",
      "the roll-out ends: the revision is active on every node that is to have it"),
  ReleaseReady(Program.OPERATOR, "the release is ready", "Ready becomes True"),
  ReleaseProgressing(
      Program.OPERATOR,
      "the release makes progress",
      "Ready becomes False, and the release makes progress"),
  ReleaseHeld(Program.OPERATOR, "the roll-out is held", "the roll-out is paused or suspended"),
  ReleaseFailed(
      Program.OPERATOR,
      "the release is not ready",
      "Ready becomes False for another reason, which `reason` and `message` have"),
  RemovalOrdered(
      Program.OPERATOR,
      "nodes are told to remove the release",
      "nodes get the order to remove the release, with a line for each reason; `reason` is `NodeLeft` (the selector no longer matches them), `ReleaseDeleted`, `NamespaceDeleted` (the namespace was deleted and created again) or `ReleaseUnknown` (deleted while the node was away)"),
  DeletionBegan(
      Program.OPERATOR,
      "the release is being deleted",
      "the release is marked for deletion; `reason` is its deletion policy"),
  ReleaseDeleted(Program.OPERATOR, "the release is deleted", "the finalizer is removed"),

  FetchBegan(
      Program.SEEDER, "the fetch of the source begins", "the first request to a URL is sent"),
  MirrorTried(
      Program.SEEDER,
      "this URL did not give the content; the next one is asked",
      "a URL did not give the content; the next one is asked"),
  FetchFailed(Program.SEEDER, "the attempt at the source failed", "an attempt at all URLs failed"),
  FetchEnded(Program.SEEDER, "the source is fetched", "all bytes of the source are there"),
  Published(
      Program.SEEDER, "the revision is published", "the revision is complete, and served to peers"),

  DownloadBegan(
      Program.PEER,
      "the download of the revision begins",
      "the download of a revision begins or is resumed"),
  Placed(
      Program.PEER,
      "the revision is whole and verified on this node",
      "the revision is whole and verified on this node"),
  Switched(
      Program.PEER, "current points to another revision", "`current` points to another revision"),
  DamageFound(
      Program.PEER,
      "files of the revision changed on this node's disk",
      "files of a placed revision differ from what was published"),
  DamageMended(Program.PEER, "the damaged files were replaced", "they were replaced by good ones"),
  RevisionRemoved(
      Program.PEER,
      "a revision was removed from this node",
      "a revision is removed; `reason` is `OtherRevision` (it is not among those to keep) or `NamespaceDeleted`"),
  ReleaseRemoved(
      Program.PEER,
      "the release was removed from this node",
      "all of the release is removed; the operator's `RemovalOrdered` with the same `grant` says why"),
  ReleaseLeft(
      Program.PEER,
      "the release is no longer served; its files stay on this node",
      "a removal is obeyed, and the files stay: `deletionPolicy: Retain`"),
  PlacementFailed(
      Program.PEER,
      "the revision cannot be placed for now",
      "the revision cannot be placed for now: a full disk, a root that is not writable, …");

  /** Which of the programs writes it. */
  public enum Program {
    OPERATOR,
    SEEDER,
    PEER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Program program;
  private final String message;
  private final String when;

  LogEvent(Program program, String message, String when) {
    this.program = program;
    this.message = message;
    this.when = when;
  }

  /** Which program writes it. */
  public Program program() {
    return program;
  }

  /** When it is written. */
  public String when() {
    return when;
  }

  /** The line's message, unless there is more to say. */
  public String message() {
    return message;
  }
}
