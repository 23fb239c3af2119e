/**
 * Where a cluster's swarm meets: grants out, reports in, and who has what. All of it is soft state.
 *
 * <p>What lives here: the pure state ({@link dev.corvid.tracker.FleetState}), the long polls that
 * wait on it ({@link dev.corvid.tracker.LongPollHub}), and the HTTP interface with its checks. What
 * must not: any decision about a release, any byte of content, anything kept on disk.
 */
package dev.corvid.tracker;
