/**
 * A fleet that is too large for one machine: the real operator and the real tracker, as processes,
 * with the real API server, and thousands of nodes that exist only as objects and as peers that
 * speak the wire API. What lives here: those nodes, and what the whole costs. What must not: bytes
 * of content; nothing is downloaded, every transfer is played by the clock.
 */
package dev.corvid.e2e.fleet;
