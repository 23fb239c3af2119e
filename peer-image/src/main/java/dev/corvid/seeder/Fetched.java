package dev.corvid.seeder;

/**
 * The content, whole, on scratch; not yet a revision.
 *
 * @param tree closed for writing
 * @param sourceDigest {@code sha256:…} of the fetched bytes
 */
record Fetched(Tree tree, String sourceDigest) {}
