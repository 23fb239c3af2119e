/**
 * By what the operator recognizes the objects that it made: names, labels, owners, digests.
 *
 * <p>What lives here: what other versions of the operator rely on too. What must not: the objects
 * themselves; each feature's package makes its own. It knows no other package, and all may know it.
 */
@NullMarked
package dev.corvid.operator.metadata;

import org.jspecify.annotations.NullMarked;
