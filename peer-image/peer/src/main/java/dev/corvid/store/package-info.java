/**
 * A revision on a node's disk: manifest, staging, verification, activation, clean-up.
 *
 * <p>What lives here: everything that touches a root directory, and the guarantee that a crash at
 * any instruction leaves the active revision as it was. What must not: connections, grants' trust,
 * HTTP; who wants which revision is decided elsewhere.
 */
package dev.corvid.store;
