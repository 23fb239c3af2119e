package dev.corvid.store.manifest;

/**
 * What a whole manifest amounts to.
 *
 * @param digest {@code sha256:…} of its bytes
 * @param manifestBytes its own length
 * @param contentBytes of all files
 * @param files regular files
 * @param entries lines, the first one apart
 */
public record ManifestSummary(
    String digest, long manifestBytes, long contentBytes, int files, int entries) {}
