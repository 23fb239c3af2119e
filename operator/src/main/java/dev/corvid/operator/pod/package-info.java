/**
 * What every pod that the operator makes has in common.
 *
 * <p>What lives here: the shape that Pod Security <em>restricted</em> and the chart's admission
 * policy demand ({@link dev.corvid.operator.pod.PodSecurity}), and where a pod is ({@link
 * dev.corvid.operator.pod.PodAddresses}). What must not: what a pod does.
 */
@NullMarked
package dev.corvid.operator.pod;

import org.jspecify.annotations.NullMarked;
