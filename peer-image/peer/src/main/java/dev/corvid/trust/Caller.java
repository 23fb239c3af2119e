package dev.corvid.trust;

import org.jspecify.annotations.Nullable;

/**
 * Who a valid token speaks for. Any pod can have one; what it may do is decided by the receiver.
 *
 * @param subject {@code system:serviceaccount:<namespace>:<name>}
 * @param node that the caller's pod is bound to; null when the token names none
 * @param podUid uid of the caller's pod; null when the token names none
 */
public record Caller(String subject, @Nullable String node, @Nullable String podUid) {}
