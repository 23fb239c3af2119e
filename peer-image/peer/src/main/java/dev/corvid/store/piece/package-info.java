/**
 * Pieces in files: a torrent's offsets in, positions in files out.
 *
 * <p>What lives here: pieces that are written and logged, the log that a later run resumes from,
 * and the read-back of each file. What must not: where a tree stands, and what becomes of it.
 */
@NullMarked
package dev.corvid.store.piece;

import org.jspecify.annotations.NullMarked;
