/**
 * The conversation with the tracker.
 *
 * <p>What lives here: polls, reports, the session that they belong to, and the HTTP client. What
 * must not: what a grant means; stages and figures, which the releases report.
 */
@NullMarked
package dev.corvid.node.tracker;

import org.jspecify.annotations.NullMarked;
