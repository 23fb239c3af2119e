/**
 * How people write sizes, durations, rates and file names, and what text may be shown.
 *
 * <p>What lives here: notations with their bounds, and what makes text of strangers printable. What
 * must not: messages, JSON; this package knows no other of Corvid's.
 */
@NullMarked
package dev.corvid.wire.text;

import org.jspecify.annotations.NullMarked;
