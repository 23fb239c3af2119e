/**
 * The operator's side of the tracker: its Deployment and Service, pushes to it, the fleet from it.
 *
 * <p>What lives here: the objects that run, the HTTP client, what was last heard ({@link
 * dev.corvid.operator.tracker.FleetCache}) and what is to be said ({@link
 * dev.corvid.operator.tracker.TrackerOutbox}). What must not: what a report means for a release.
 */
@NullMarked
package dev.corvid.operator.tracker;

import org.jspecify.annotations.NullMarked;
