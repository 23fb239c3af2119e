/**
 * The tracker of a cluster: grants to nodes, reports from nodes, and which peers have which
 * content. All of it is soft state.
 *
 * <p>What lives here: the pure state ({@link dev.corvid.tracker.fleet.FleetState}), the long polls
 * that wait on it ({@link dev.corvid.tracker.LongPollHub}), and the HTTP interface with its checks.
 * What must not: any decision about a release, any byte of content, anything kept on disk.
 */
@NullMarked
package dev.corvid.tracker;

import org.jspecify.annotations.NullMarked;
