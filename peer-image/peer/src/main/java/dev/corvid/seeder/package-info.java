/**
 * The seeder: fetches a release's source once, makes a revision of it, and serves the first copies.
 *
 * <p>What lives here: the HTTP source (who may be connected to, who gets credentials, resumption),
 * the unpacking into scratch within bounds, the publication, and the role's loop of attempts. What
 * must not: archive formats ({@link dev.corvid.seeder.archive}), the manifest's form and the
 * revision's layout (dev.corvid.store), the wire protocol (dev.corvid.bittorrent), Kubernetes.
 */
package dev.corvid.seeder;
