/**
 * The exception of the store.
 *
 * <p>What lives here: the one type that each package of the store throws. What must not: anything
 * that depends on another package of the store.
 */
@NullMarked
package dev.corvid.store.error;

import org.jspecify.annotations.NullMarked;
