/**
 * What scenarios share: the cluster, a tenant on it, Corvid's pods and processes, and where figures
 * go. The scenarios are in the packages below, by what they prove; this one knows none of them.
 */
package dev.corvid.e2e.scenario;
