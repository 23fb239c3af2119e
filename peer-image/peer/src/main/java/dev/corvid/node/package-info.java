/**
 * The agent on each node: obeys signed grants, brings revisions to the disk and reports on them.
 *
 * <p>What lives here: the conversation with the tracker, the check of grants, and one {@link
 * dev.corvid.node.ReleaseAgent} for each release that drives store and swarm. What must not: file
 * layout (the store's), connections (the swarm's), any decision that a grant does not carry.
 */
package dev.corvid.node;
