/**
 * Network namespaces with shaped links that meet in one router namespace. Nothing leads from there
 * to this machine's own network, so no firewall rule applies and nothing gets out.
 */
package dev.corvid.e2e.bench.network;
