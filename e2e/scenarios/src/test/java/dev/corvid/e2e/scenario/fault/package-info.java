/**
 * Nodes, programs, disks and networks fail in mid-transfer: what survives, and how it continues.
 * Nobody means harm; attackers are in {@code hostile}.
 */
package dev.corvid.e2e.scenario.fault;
