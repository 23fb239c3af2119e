/**
 * How a program ends what it began.
 *
 * <p>What lives here: the request that the process end; closing several parts in order, whichever
 * of them fails. What must not: knowledge of any part.
 */
@NullMarked
package dev.corvid.lifecycle;

import org.jspecify.annotations.NullMarked;
