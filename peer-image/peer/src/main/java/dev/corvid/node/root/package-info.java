/**
 * The roots of a node: opened, measured, read again.
 *
 * <p>What lives here: the roots by name, with the reason when one cannot be used, the scrubber and
 * the count of damage. What must not: the layout of a root, which is the store's; any release's
 * stage.
 */
@NullMarked
package dev.corvid.node.root;

import org.jspecify.annotations.NullMarked;
