/**
 * {@code make bench}: Corvid, libtorrent, aria2, bt-core, nginx and curl on the same links, in the
 * same run. The command and its rows are here; networks, programs, swarms and what is written down
 * have packages of their own. Only {@link ClusterRow} knows Kubernetes.
 */
package dev.corvid.e2e.bench;
