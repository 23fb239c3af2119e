/**
 * The status of a release, computed once from facts, and what else reports it: conditions, counts
 * of nodes, warnings, Events and log lines. When a status that changed is written is decided here,
 * too.
 *
 * <p>Nothing here observes the cluster or plans: {@code StatusReporter}, one package above, passes
 * what was seen and planned.
 */
@NullMarked
package dev.corvid.operator.release.status;

import org.jspecify.annotations.NullMarked;
