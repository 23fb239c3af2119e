package dev.corvid.store.quota;

/**
 * How full a root is, at one moment.
 *
 * @param size bytes of its file system
 * @param free bytes of it that may still be written
 * @param reserve bytes of it that Corvid leaves free
 * @param booked bytes that downloads under way will still write
 * @param used what all revisions take, finished or not
 */
public record RootUsage(long size, long free, long reserve, long booked, Footprint used) {}
