/**
 * Which nodes a release counts, and what each of them is to it.
 *
 * <p>What lives here: Nodes, peers' pods and the tracker's word put together into a {@link
 * dev.corvid.operator.fleet.NodeSelection}, pure. What must not: what is wanted of a node.
 */
@NullMarked
package dev.corvid.operator.fleet;

import org.jspecify.annotations.NullMarked;
