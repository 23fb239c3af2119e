/**
 * The commands that take part in a swarm: {@code tracker}, {@code seed} and {@code get}.
 *
 * <p>What lives here: their options, the session, announces, web seeds, and progress for people and
 * programs. What must not: piece exchange (the engine's), files on the disk (the store's).
 */
@NullMarked
package dev.corvid.cli.swarm;

import org.jspecify.annotations.NullMarked;
