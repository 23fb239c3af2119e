/**
 * A tracker that anybody may announce to (BEP 3, 7, 12, 23, 48), for the command line.
 *
 * <p>What lives here: the tracker's memory of swarms, bounded by source address, and its HTTP
 * service. What must not: grants and nodes. Nobody who announces here is authenticated, so nothing
 * that needs trust is decided here.
 */
@NullMarked
package dev.corvid.opentracker;

import org.jspecify.annotations.NullMarked;
