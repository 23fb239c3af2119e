/**
 * A cluster as a person at a terminal has it: {@code cluster.sh}, a control plane without nodes or
 * a kubeconfig; kubectl, Helm, the audit log, logs when something fails. What Corvid's releases
 * mean belongs elsewhere.
 */
package dev.corvid.e2e.cluster;
