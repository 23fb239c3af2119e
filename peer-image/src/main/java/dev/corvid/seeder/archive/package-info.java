/**
 * Archive formats: Apache Commons Compress reads them, entry by entry.
 *
 * <p>What lives here: what makes the library fit for archives that nobody vouches for. What it
 * holds in memory is bounded, what it forgives is refused, and what is not a well-formed archive is
 * an {@link dev.corvid.seeder.archive.ArchiveException}. What must not: judgement of names, links
 * and sizes, decompression of the whole, anything that writes.
 */
package dev.corvid.seeder.archive;
