/**
 * One attempt to fetch the content: mirrors, resuming a partial download, digests, and ranges for
 * the swarm. A failed attempt ends in one {@code SourceException}; when the next one begins is
 * decided by the role's retry loop.
 */
@NullMarked
package dev.corvid.seeder.fetch;

import org.jspecify.annotations.NullMarked;
