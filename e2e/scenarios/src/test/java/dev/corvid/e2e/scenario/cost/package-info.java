/**
 * What Corvid costs: API writes of a release, memory and processor of an idle peer, and the
 * bandwidth that a release may take.
 */
package dev.corvid.e2e.scenario.cost;
