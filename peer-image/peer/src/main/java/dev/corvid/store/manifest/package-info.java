/**
 * The manifest of a revision: its lines, their order, the paths that it may have, an index for
 * random access, and the torrent that is made of it.
 *
 * <p>What lives here: reading and writing the format, with its bounds. What must not: where a
 * manifest is stored, or whether files match it.
 */
@NullMarked
package dev.corvid.store.manifest;

import org.jspecify.annotations.NullMarked;
