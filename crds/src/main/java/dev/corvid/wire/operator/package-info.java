/**
 * What the operator and the tracker exchange.
 *
 * <p>What lives here: the push of grants and seeders, the fleet's reports. What must not: what the
 * operator makes of a report, Kubernetes types.
 */
@NullMarked
package dev.corvid.wire.operator;

import org.jspecify.annotations.NullMarked;
