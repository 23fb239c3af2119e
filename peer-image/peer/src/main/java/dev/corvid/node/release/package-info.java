/**
 * One release on this node: what its last grant wants is brought about and reported.
 *
 * <p>What lives here: an agent with its thread, the state machine {@link
 * dev.corvid.node.release.ReleaseLifecycle} with its table {@link dev.corvid.node.release.Stage},
 * the release's part in the swarm, its status and log lines. What must not: the conversation with
 * the tracker; file layout.
 */
@NullMarked
package dev.corvid.node.release;

import org.jspecify.annotations.NullMarked;
