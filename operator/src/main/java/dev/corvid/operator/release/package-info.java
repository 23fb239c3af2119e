/**
 * A SwarmRelease, reconciled: observe, plan, apply, report.
 *
 * <p>What lives here: the reconciler, and {@link dev.corvid.operator.release.ReleaseController},
 * which constructs it; what it observes and plans; and what applies a plan to the cluster and to
 * the tracker. Here are also its metrics and finalizer. Most decisions are pure classes in the
 * packages below ({@link dev.corvid.operator.release.rollout.RolloutPlan}, {@link
 * dev.corvid.operator.release.seeder.SeederPolicy}, {@link
 * dev.corvid.operator.release.status.StatusReport} …), which do not know this one. What must not:
 * how a pod, a volume or the trust anchor looks.
 */
@NullMarked
package dev.corvid.operator.release;

import org.jspecify.annotations.NullMarked;
