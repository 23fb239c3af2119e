/**
 * Attackers on a cluster ({@code make hostile}): a pod, a tenant, a node, a source; what each
 * achieves and what it costs others. What they run is in {@link dev.corvid.e2e.attack}.
 */
package dev.corvid.e2e.scenario.hostile;
