/**
 * Everything at once from a seed ({@code make soak}): events, faults and attacks in random order,
 * and the invariants that hold meanwhile.
 */
package dev.corvid.e2e.scenario.soak;
