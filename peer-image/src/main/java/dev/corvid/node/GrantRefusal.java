package dev.corvid.node;

/** Why a grant is not obeyed, as it is counted. */
enum GrantRefusal {
  /** No trusted key signed it, or it is malformed. */
  SIGNATURE,
  /** It does not name this node. */
  OTHER_NODE,
  /** A newer one was obeyed. */
  OLDER
}
