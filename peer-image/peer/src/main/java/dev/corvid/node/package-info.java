/**
 * The peer's role: the peer of a node obeys signed grants, brings revisions to the disk and reports
 * on them.
 *
 * <p>What lives here: the parts put together, their options and the metrics of the whole peer. Each
 * part is a package below. What must not: file layout (the store's), connections (the engine's),
 * any decision that a grant does not carry.
 */
@NullMarked
package dev.corvid.node;

import org.jspecify.annotations.NullMarked;
