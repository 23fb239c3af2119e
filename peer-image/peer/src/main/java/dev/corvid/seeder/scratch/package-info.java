/**
 * The scratch volume: the content as it grows there, its log of entries and its manifest. Every
 * byte is counted against the volume's limit before it is written. Which entries there are is
 * decided by {@code unpack}.
 */
package dev.corvid.seeder.scratch;
