package dev.corvid.log;

import java.util.Locale;

/**
 * The keys of a line beside time, level, logger, message and exception, with what its reference
 * says of each (Markdown).
 */
public enum LogKey {
  EVENT(
      "what happened to a release: one of the events below; the keys that follow are those of events"),
  RELEASE("`namespace/name`"),
  UID("of the SwarmRelease: another one of the same name has another uid"),
  ROOT("the root's name"),
  NODE("the node's name, in lines of peers"),
  NODES(
      "names of nodes, separated by commas; of more than ten the first ten, and how many more there are"),
  REVISION("as `kubectl get swr` shows it"),
  VERSION(
      "`spec.version` of the revision, or of the spec that was changed; in lines of the operator only, nodes know revisions"),
  FROM("the revision that was active before"),
  TO("the revision that is active now"),
  GRANT(
      "the operator's order that is obeyed, as `reign.epoch`: the same in the operator's line and in those of the peers"),
  WAVE("name and number of the wave"),
  REASON("a reason of the status, such as `InsufficientDisk`; or why something was removed"),
  URL("of the source, without its query; credentials are never in it"),
  BYTES("size of the revision; of `FetchEnded`, what was read over the network"),
  SECONDS("how long it took"),
  SUPPRESSED("lines of this release that were left out before this one");

  private final String meaning;

  LogKey(String meaning) {
    this.meaning = meaning;
  }

  /** What its value is. */
  public String meaning() {
    return meaning;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
