/**
 * What the tracker knows: grants to nodes, reports from nodes, and which peers have which content.
 *
 * <p>What lives here: the state as one object without a lock of its own, {@link
 * dev.corvid.tracker.fleet.FleetState}, and its parts: pure, all of it soft. What must not: HTTP,
 * waiting, anything kept on disk.
 */
@NullMarked
package dev.corvid.tracker.fleet;

import org.jspecify.annotations.NullMarked;
