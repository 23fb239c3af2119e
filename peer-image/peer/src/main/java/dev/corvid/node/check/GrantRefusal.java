package dev.corvid.node.check;

/** Why a grant is not obeyed, as it is counted. */
public enum GrantRefusal {
  /** No trusted key signed it, or it is malformed. */
  SIGNATURE,
  /** It does not name this node. */
  OTHER_NODE,
  /** It is of more than a day ahead of this node's clock: one of the two clocks is wrong. */
  CLOCK_SKEW,
  /** A newer one was obeyed. */
  OLDER
}
