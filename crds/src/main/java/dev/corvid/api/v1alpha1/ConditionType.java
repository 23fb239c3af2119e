package dev.corvid.api.v1alpha1;

/**
 * The conditions of a release that the operator writes; one of another type is somebody else's.
 * With what its reference says of each (Markdown).
 */
public enum ConditionType {
  Ready(
      "the revision that the spec asks for is active on every wanted node, or placed there if `spec.rollout.readyWhen` says so"),
  Available("every node that can be reached serves a whole revision, be it an earlier one"),
  FullyPlaced(
      "every node that matches holds the revision that the spec asks for, whole and verified"),
  Reconciling(
      "there while the release is not Ready and the operator is at work on it; the reason is Ready's"),
  Stalled("there while the release is not Ready and waits for a person; the reason is Ready's"),
  NodesMatched("as many nodes match as `spec.nodes.minimum` asks for, and at least one"),
  RemovalHeld("there while nodes that no longer match keep the release until a person decides"),
  VolumeOutdated("there while pods keep the volume as it was before `spec.nodes.selector` changed"),
  AnnotationIgnored("there while an annotation of the release changes nothing");

  private final String meaning;

  ConditionType(String meaning) {
    this.meaning = meaning;
  }

  /** What it says while it is True. */
  public String meaning() {
    return meaning;
  }
}
