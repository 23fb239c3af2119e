/**
 * The pods that use a release's claim: listed while a deletion or a node waits for them, watched so
 * that the end of the last one is noticed. And what is remembered of volume and claim themselves.
 *
 * <p>{@code dev.corvid.operator.volume} describes volume and claim; {@code Volumes}, one package
 * above, creates and deletes them.
 */
@NullMarked
package dev.corvid.operator.release.volume;

import org.jspecify.annotations.NullMarked;
