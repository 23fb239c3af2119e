/**
 * The programs that are compared: how each is started, what each says of itself, and what each
 * costs. What they are made to do together is the swarms' matter.
 */
package dev.corvid.e2e.bench.program;
