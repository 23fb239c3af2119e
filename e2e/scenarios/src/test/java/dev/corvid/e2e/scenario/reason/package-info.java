/**
 * What keeps a release from being Ready, and the reason and message that its status then has: a
 * wrong spec, source or destination.
 */
package dev.corvid.e2e.scenario.reason;
