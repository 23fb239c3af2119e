/**
 * Labels by which a Node says which revision of a release is active on it.
 *
 * <p>What lives here: their names and values, pure, and the one that writes them to Nodes. What
 * must not: what is active where, which the selection knows.
 */
@NullMarked
package dev.corvid.operator.label;

import org.jspecify.annotations.NullMarked;
