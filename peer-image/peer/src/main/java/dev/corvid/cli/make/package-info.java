/**
 * The commands that look at files: {@code make} and {@code digest}.
 *
 * <p>What lives here: the walk over a tree, what is taken from it, and what is written of it. What
 * must not: swarms.
 */
@NullMarked
package dev.corvid.cli.make;

import org.jspecify.annotations.NullMarked;
