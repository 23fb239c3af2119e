/**
 * How a role is watched and ended: probes and metrics over HTTP, logs as JSON lines, SIGTERM.
 *
 * <p>What lives here: the {@link dev.corvid.telemetry.Telemetry} endpoint that each role opens, and
 * what turns the log into JSON lines. What must not: any role's own metrics or health rules; they
 * are registered here and defined where the facts are.
 */
@NullMarked
package dev.corvid.telemetry;

import org.jspecify.annotations.NullMarked;
