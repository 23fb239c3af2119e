package dev.corvid.wire;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Why a release is where it is: the one enumeration of reasons, on the wire and in conditions, with
 * what its reference says of each (Markdown).
 */
public enum Reason {
  /** Also what a reason of a later version reads as here; its message still says what happened. */
  @JsonEnumDefaultValue
  Progressing(
      "fetching, distributing or activating",
      "wait; `status.progress` says how far it is; if the source or the seeder's pod is slow, the message says which"),
  Succeeded("active on every wanted node", "nothing"),
  Suspended("`spec.suspend` is true", "set it to false"),
  Paused(
      "all nodes have the new revision, but the switch is waiting for a wave's pause; an approval; removal of `corvid.dev/hold`; a wave that selects no nodes; or a wave whose nodes are all unreachable",
      "the message says what to run or write; a pause with a duration ends by itself"),
  Deleting(
      "nodes are being cleaned, or pods still use the claim",
      "delete the pods that the message names; nodes that are gone do not block it"),
  SourceUnreachable(
      "no URL answered with the content; or the Secret's `ca.crt` or the chart's `caBundle` is not PEM",
      "check the URL from inside the cluster; the seeder retries by itself"),
  SourceAuthFailed(
      "the source requires other credentials, or the Secret is missing, lacks a key, or has one"
          + " that cannot be sent",
      "the message names it; check the Secret, and that its `hosts` lists the URL's host with its port; plain http only as `http://host`"),
  SourceChanged(
      "a replaced seeder fetched other bytes than the first",
      "pin `source.http.digest`, or change `version` to take the new content"),
  DigestMismatch(
      "the fetched bytes are not those of `source.http.digest`, or have become other content than that of `source.manifestDigest`",
      "the message has both digests; correct the digest, or the source"),
  InvalidContent(
      "the source is damaged, is an error page or a pointer in place of the file, or has an entry that is refused",
      "the message names the URL or the entry, and what to do"),
  InvalidSpec("the spec cannot be carried out", "the message says what to write"),
  RootUnknown("no root has this name", "ask the admin for `roots` in the chart's values"),
  RootNotAllowed(
      "the root does not admit this namespace", "ask the admin for `roots` in the chart's values"),
  RootNotWritable(
      "the peer cannot write to the root on that node, others may write to it, two roots are one directory or one in the other, or another disk was mounted there under the running peer",
      "the message says which: a directory of its own for each root, owned by uid 0, mode 0755"),
  ForeignContent(
      "something that Corvid did not create is in the way, or nodes still hold what a release of"
          + " an earlier namespace of this name left",
      "move it, it is never overwritten; for the latter see the log of the peers that are named"),
  InsufficientDisk(
      "content and reserve do not fit, or a quota is full: bytes of root or namespace, or files of the namespace; or the source does not fit into the seeder's scratch space",
      "free space, keep fewer revisions or raise the quota, and the node resumes by itself; for scratch space, set `spec.seeder.scratch` as the message says"),
  NoNodesMatched(
      "no node matches, and the release was never active: it waits for one; with `nodes.minimum` it is Stalled. Nodes that have the release keep it (`RemovalHeld`)",
      "label nodes, or correct the selector"),
  TooFewNodes(
      "fewer nodes match than `nodes.minimum`; nodes that have the release keep it (`RemovalHeld`)",
      "label nodes, or correct selector or minimum"),
  PeerMissing(
      "a matching node runs no peer, or it is NotReady, silent, or has not answered for 60 s; or the chart lets no peer run on the nodes that match, and none, or fewer than `nodes.minimum`, remain",
      "check the node, and its peer's log; for the latter see `peer` in the chart's values"),
  NoSeedsReachable(
      "no node or seeder that has the content answers",
      "check the network between nodes, `peer.port` (6881)"),
  TrackerUnavailable(
      "the tracker is not reachable, or quota, policy or missing permissions prevent the operator from creating it (Stalled)",
      "check the pod `corvid-tracker`; a refusal is quoted, and the operator retries by itself; transfers continue without it"),
  SeederRefused(
      "quota or policy refuses the seeder's pod or the ConfigMap `corvid-ca` that it mounts, or the chart's `caBundle` cannot be used",
      "the message quotes the cluster, or says what to do"),
  SeederUnschedulable(
      "no node takes the seeder pod",
      "see `spec.seeder`: resources, nodeSelector, tolerations, affinity"),
  SeederFailed(
      "the seeder pod cannot run, or does not start",
      "the message is the cluster's own; often the image, a volume or the node's network. For a Secret that is missing, a volume or a network the pod waits (Reconciling until `progressDeadline`); all else is Stalled"),
  ClaimConflict(
      "a claim or a volume with the release's name does not belong to it, so no pod can mount"
          + " the release; nodes still receive it",
      "delete that claim, or give the release another name; the operator retries by itself"),
  ClaimRefused(
      "quota, policy or missing permissions prevent the operator from creating the claim or the"
          + " volume, so no pod can mount the release; nodes still receive it",
      "the message is the cluster's own; the operator retries by itself"),
  RequestRefused(
      "the API server refuses another request of the operator, such as a deletion, or that it adds or removes the release's finalizer",
      "the message quotes the cluster; everything else continues, and the request is retried"
          + " after 1, 2, 4 … 30 s. With another reason of Ready, the refusal is at the end of"
          + " its message"),
  InternalError(
      "the operator or a peer failed: a bug in Corvid",
      "see its log, and report it. It retries after 1, 2, 4 … 30 s, a peer 60 s; a release is Stalled from a"
          + " node's third failure. Everything else"
          + " continues, unless it failed to \"reconcile the release\": then nothing changes on any node"
          + " until it succeeds"),
  LimitExceeded(
      "more releases, or more scratch space of its seeder, than the cluster's admin allows",
      "delete releases, lower `spec.seeder.scratch.sizeLimit` or use `volumeClaimTemplate`; or ask the admin for `limits` in the chart's values"),
  ClockSkew("a node's clock is off by more than five minutes", "set it; transfers continue"),
  Corrupted(
      "bytes changed on a disk, or on the way",
      "fetched again by itself; the message names file, node and sender: if it comes back, check them"),
  ProgressDeadlineExceeded(
      "no node made progress for `progressDeadline`",
      "the message names what it waits for (source, seeder, or the first node and what that has); the operator keeps trying"),
  TooManyFailedNodes(
      "more nodes failed than `rollout.maxFailed`; no further node switches",
      "`status.failures` names them with their reasons, at most 20 (`status.nodes.failed` is how"
          + " many); they keep trying. You can also revert the edit");

  private final String meaning;
  private final String remedy;

  Reason(String meaning, String remedy) {
    this.meaning = meaning;
    this.remedy = remedy;
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
