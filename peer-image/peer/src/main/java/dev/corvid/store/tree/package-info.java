/**
 * A finished tree: its metadata, its place in the release's directory, its comparison and repair.
 *
 * <p>What lives here: modes, times and links, renaming into {@code revisions/}, replacing {@code
 * current}, the comparison with the manifest and the exchange of damaged files. What must not:
 * pieces, records, quotas.
 */
@NullMarked
package dev.corvid.store.tree;

import org.jspecify.annotations.NullMarked;
