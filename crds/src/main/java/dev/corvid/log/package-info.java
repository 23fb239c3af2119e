/**
 * One format of log lines for all programs: JSON, the same keys everywhere, and the same events.
 *
 * <p>What lives here: the formatter, the keys, the events, and the bound on how many lines one
 * release may cause; docs/logs.md describes them. What must not: when something is logged, which is
 * decided where it happens.
 */
@NullMarked
package dev.corvid.log;

import org.jspecify.annotations.NullMarked;
