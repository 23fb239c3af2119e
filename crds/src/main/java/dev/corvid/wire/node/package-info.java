/**
 * What a peer and the tracker exchange.
 *
 * <p>What lives here: the peer's poll and its answer, the node's reports, neighbours. What must
 * not: sessions and reports as they are kept, which tracker and peer each do for themselves.
 */
@NullMarked
package dev.corvid.wire.node;

import org.jspecify.annotations.NullMarked;
