/**
 * What the operator sees of the cluster between two looks at a release: the informers of its
 * objects, Nodes and peers' pods as they come and go, timers, and which releases of a namespace are
 * served.
 *
 * <p>What lives here: {@link dev.corvid.operator.release.watch.ReleaseInformers}, and what wakes a
 * release. Other packages create objects through its event sources, so that what they made is seen
 * at once. What must not: what a release does once it is awake.
 */
@NullMarked
package dev.corvid.operator.release.watch;

import org.jspecify.annotations.NullMarked;
