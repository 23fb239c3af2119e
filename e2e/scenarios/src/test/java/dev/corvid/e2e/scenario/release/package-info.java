/**
 * What a release does for its owner: distributed, read, edited, rolled out, reverted, reused, seen
 * in its status, deleted. Nothing is broken here.
 */
package dev.corvid.e2e.scenario.release;
