/**
 * The trust anchor: the operator's signing key and what tracker and peers check against.
 *
 * <p>What lives here: the Secret {@code corvid-signing}, the ConfigMap {@code corvid-trust}, and
 * the keys derived from the signing key. What must not: what is granted. The Secrets of tenants are
 * never read, here or elsewhere.
 */
@NullMarked
package dev.corvid.operator.trust;

import org.jspecify.annotations.NullMarked;
