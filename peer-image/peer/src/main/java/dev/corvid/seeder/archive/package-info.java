/**
 * Archive formats, entry by entry: tars by a reader of their own, which takes headers for what GNU
 * tar takes them for, zips by Apache Commons Compress, and a directory as if it were an archive.
 *
 * <p>What lives here: what makes these fit for archives that nobody vouches for. What is held in
 * memory is bounded, what others forgive is refused, and what is not a well-formed archive is an
 * {@link dev.corvid.seeder.archive.ArchiveException}. What must not: judgement of names, links and
 * sizes, decompression of the whole, anything that writes.
 */
@NullMarked
package dev.corvid.seeder.archive;

import org.jspecify.annotations.NullMarked;
