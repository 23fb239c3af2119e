/**
 * The program's command line: a swarm without Kubernetes ({@code make}, {@code tracker}, {@code
 * seed}, {@code get}) and the pods' roles.
 *
 * <p>What lives here: the entry, which finds the command; the commands are in the packages below.
 * What must not: anything that a role does; each command only puts other packages together.
 */
package dev.corvid.cli;
