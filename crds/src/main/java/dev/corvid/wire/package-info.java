/**
 * The wire records between operator, tracker, seeder and peer: JSON over HTTP, one record a
 * message.
 *
 * <p>What lives here: how messages are encoded ({@link dev.corvid.wire.Wire}), and what records of
 * every kind use: checks, endpoints, reasons. The records are in the packages below, by who
 * exchanges them. What must not: behavior of any role, transport, Kubernetes types. Unknown fields
 * are ignored and absent ones have a meaning, so that versions N and N-1 work together.
 */
@NullMarked
package dev.corvid.wire;

import org.jspecify.annotations.NullMarked;
