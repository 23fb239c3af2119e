/**
 * A step of a reconciliation: what it reports when the API server refuses it, and when it is tried
 * again. Here are the problem with its reason and message, the kinds of refusal, the pause before a
 * retry, and the moment, by both clocks, at which a release is reconciled.
 *
 * <p>It knows no release's content: every other package of the reconciliation may know it.
 */
@NullMarked
package dev.corvid.operator.release.step;

import org.jspecify.annotations.NullMarked;
