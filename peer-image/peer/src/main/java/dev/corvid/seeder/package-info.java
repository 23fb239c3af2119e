/**
 * The seeder's role: fetches a release's source once, makes a revision of it, and serves the first
 * copies until its pod ends.
 *
 * <p>What lives here: the role's life and state, its retry loop, the revision that it makes and the
 * torrent that it serves, what it reports to the tracker. What must not: how a source is read
 * ({@code source}, {@code http}, {@code fetch}), unpacking ({@code unpack}, {@code archive}), the
 * manifest's form and the revision's layout (dev.corvid.store), the wire protocol
 * (dev.corvid.bittorrent), Kubernetes.
 */
@NullMarked
package dev.corvid.seeder;

import org.jspecify.annotations.NullMarked;
