/**
 * What each node is to do: the plan of a roll-out, its waves and approvals, the nodes that failed,
 * and the removal from nodes that no longer match. It does no I/O and has no clock of its own; what
 * outlasts a reconciliation is kept by its caller.
 *
 * <p>Grants that send it to the nodes are made in {@code .grant}.
 */
@NullMarked
package dev.corvid.operator.release.rollout;

import org.jspecify.annotations.NullMarked;
