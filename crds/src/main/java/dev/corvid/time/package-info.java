/**
 * The time that pauses, rates and deadlines within one process are measured by.
 *
 * <p>What lives here: a moment of the monotonic clock. What must not: wall time, which is for what
 * is stored, shown, or compared with other machines.
 */
@NullMarked
package dev.corvid.time;

import org.jspecify.annotations.NullMarked;
