package dev.corvid.api.v1alpha1;

/**
 * The reasons of conditions other than Ready, where no {@link dev.corvid.wire.Reason} fits, with
 * what its reference says of each (Markdown).
 */
public enum ConditionReason {
  Serving(
      ConditionType.Available, "every node that can be reached serves a whole revision", "nothing"),
  NotServing(
      ConditionType.Available,
      "some nodes that can be reached serve no revision; the message has how many",
      "see the reason of Ready"),
  NodesMatched(ConditionType.NodesMatched, "enough nodes match", "nothing"),
  BelowMinimum(
      ConditionType.RemovalHeld,
      "nodes that hold the release no longer match, and none matches, or fewer than `nodes.minimum`: by a typo, or because Nodes lost their labels. Nothing is removed",
      "correct selector or labels; or, on purpose, set the annotation `corvid.dev/allow-removal: \"<generation>\"`, which the message spells out"),
  MostNodesLeave(
      ConditionType.RemovalHeld,
      "more than half of the nodes that serve the release, or that hold a revision of it, no longer match. Nothing is removed",
      "as for `BelowMinimum`, or wait until as many others serve it"),
  InUse(
      ConditionType.VolumeOutdated,
      "the selector changed, and the pods that are named keep the volume as it was: new pods are scheduled only where the former selector matches",
      "scale their workloads to 0 and back"),
  Malformed(
      ConditionType.AnnotationIgnored,
      "an annotation (`corvid.dev/approve`, `hold`, `allow-removal`, `allow-empty-wave`) has a value of another form, and changes nothing",
      "the message says what to write"),
  UnknownRevision(
      ConditionType.AnnotationIgnored,
      "`approve` names a revision that the release does not have",
      "write one of those that the message lists"),
  UnknownWave(
      ConditionType.AnnotationIgnored,
      "`approve` names a wave that has no `untilApproved`",
      "write one of those that the message lists"),
  UnknownGeneration(
      ConditionType.AnnotationIgnored,
      "`allow-removal` or `allow-empty-wave` names a generation that the spec has yet to reach",
      "write the present one, or remove the annotation");

  private final ConditionType type;
  private final String meaning;
  private final String remedy;

  ConditionReason(ConditionType type, String meaning, String remedy) {
    this.type = type;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** The condition that has it. */
  public ConditionType type() {
    return type;
  }

  /** What it means. */
  public String meaning() {
    return meaning;
  }

  /** What a person does about it. */
  public String remedy() {
    return remedy;
  }
}
