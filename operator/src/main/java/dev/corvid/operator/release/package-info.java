/**
 * A SwarmRelease, reconciled: observe, decide, apply, report.
 *
 * <p>What lives here: the reconciler, a table of contents, and the decisions behind it, each a pure
 * class ({@link dev.corvid.operator.release.RolloutPlan}, {@link
 * dev.corvid.operator.release.SeederPolicy}, {@link dev.corvid.operator.release.StatusReport} …).
 * What must not: how a pod, a volume or the trust anchor looks.
 */
package dev.corvid.operator.release;
