/**
 * What a node checks before it obeys or reports.
 *
 * <p>What lives here: signature, node, age and rank of a grant, and how far the clock is from the
 * tracker's. What must not: acting on a grant; what is recorded of grants, which is the store's.
 */
package dev.corvid.node.check;
