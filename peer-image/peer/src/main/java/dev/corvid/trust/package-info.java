/**
 * Who may say what: the trust anchor, callers' tokens, and the process's own token.
 *
 * <p>What lives here: reading {@code corvid-trust}, checking service-account tokens offline against
 * the cluster's key set, reading the projected token. What must not: which endpoint asks for which
 * caller (the tracker's), what a grant means (the node's), any network access.
 */
@NullMarked
package dev.corvid.trust;

import org.jspecify.annotations.NullMarked;
