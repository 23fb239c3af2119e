/**
 * The boundary to the disk: directories and files reached without following a link, an LRU cache of
 * open files, durable syncs, the trash, and the meaning of the operating system's errors.
 *
 * <p>What lives here: everything that a test replaces to crash at any step. What must not: what a
 * release, a revision or a piece is.
 */
@NullMarked
package dev.corvid.store.disk;

import org.jspecify.annotations.NullMarked;
