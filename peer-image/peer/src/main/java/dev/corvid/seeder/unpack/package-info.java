/**
 * From the source's bytes to files: formats and what the first bytes say of them, decompression,
 * which entries are taken and under which path. The archive formats themselves are in {@code
 * archive}; files are written by {@code scratch}. {@code ContentDigest}, for {@code corvid digest},
 * keeps only the digests of their bytes.
 */
@NullMarked
package dev.corvid.seeder.unpack;

import org.jspecify.annotations.NullMarked;
