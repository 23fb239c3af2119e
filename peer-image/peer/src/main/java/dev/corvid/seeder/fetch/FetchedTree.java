package dev.corvid.seeder.fetch;

import dev.corvid.seeder.scratch.ScratchTree;
import org.jspecify.annotations.Nullable;

/**
 * The content, whole, on scratch; not yet a revision.
 *
 * @param tree closed for writing
 * @param sourceDigest {@code sha256:…} of the fetched bytes
 * @param note about the source, for a person; null for none
 */
public record FetchedTree(ScratchTree tree, String sourceDigest, @Nullable String note) {}
