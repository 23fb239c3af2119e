/**
 * What this process remembers of one release between two looks. After a restart it begins empty,
 * and nothing is lost.
 *
 * <p>What lives here: {@link dev.corvid.operator.release.state.ReconcileState} and its parts. What
 * must not: decisions about nodes and content, and what a restart must find again; that is in the
 * status or in a ControllerRevision.
 */
@NullMarked
package dev.corvid.operator.release.state;

import org.jspecify.annotations.NullMarked;
