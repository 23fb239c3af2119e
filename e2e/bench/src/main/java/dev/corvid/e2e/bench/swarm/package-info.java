/**
 * One swarm: who takes part on which links, what befalls it, and what came out. Everything is
 * bounded in time, and everything that was started has ended when a run is over.
 */
package dev.corvid.e2e.bench.swarm;
