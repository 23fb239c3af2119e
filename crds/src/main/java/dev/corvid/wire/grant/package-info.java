/**
 * A grant: what the operator lets nodes do with one content of one release.
 *
 * <p>What lives here: the grant, how it is signed, and what it names: release, content, rank,
 * limits, swarm. What must not: who is granted what, and when, which is the operator's.
 */
@NullMarked
package dev.corvid.wire.grant;

import org.jspecify.annotations.NullMarked;
