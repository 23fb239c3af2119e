/**
 * The program's command line: a swarm without Kubernetes ({@code make}, {@code tracker}, {@code
 * seed}, {@code get}), what a build asks before a release ({@code digest}) and a pod that uses one
 * ({@code wait}, {@code watch}), and the roles of Corvid's own pods.
 *
 * <p>What lives here: the entry, which finds the command. Those of the seeder and of the peer are
 * in their roles' packages, all others in the packages below. What must not: anything that a role
 * does; each command only puts other packages together.
 */
@NullMarked
package dev.corvid.cli;

import org.jspecify.annotations.NullMarked;
