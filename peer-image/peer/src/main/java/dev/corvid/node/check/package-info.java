/**
 * What a node checks before it obeys or reports.
 *
 * <p>What lives here: signature, node and epoch of a grant, and how far the clock is from the
 * tracker's. What must not: acting on a grant; its rank, which the store compares with its record.
 */
@NullMarked
package dev.corvid.node.check;

import org.jspecify.annotations.NullMarked;
