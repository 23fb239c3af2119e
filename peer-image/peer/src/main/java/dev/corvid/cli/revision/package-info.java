/**
 * The commands that look at the revision that is active: {@code wait} and {@code watch}.
 *
 * <p>What lives here: reading the link {@code current} of a mounted release. What must not:
 * anything that changes it.
 */
@NullMarked
package dev.corvid.cli.revision;

import org.jspecify.annotations.NullMarked;
