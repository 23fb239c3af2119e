/**
 * Signed grants: which nodes share one, its rank, what a namespace shares, and how fast nodes may
 * transfer. Here is also the removal of what no release stands for any more: orphans, and what an
 * earlier namespace of the same name left.
 *
 * <p>A grant is made from what the roll-out decided; only those removals are decided here.
 */
@NullMarked
package dev.corvid.operator.release.grant;

import org.jspecify.annotations.NullMarked;
