/**
 * The scratch volume: the content as it grows there, its log of entries and its manifest. Every
 * byte is counted against the volume's limit before it is written. Which entries there are is
 * decided by {@code unpack}.
 */
@NullMarked
package dev.corvid.seeder.scratch;

import org.jspecify.annotations.NullMarked;
