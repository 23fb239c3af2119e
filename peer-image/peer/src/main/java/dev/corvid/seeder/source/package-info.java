/**
 * The source's URL and what leads to its server: addresses that may be connected to, proxies, TLS,
 * credentials, time limits and the rate limit. Everything that a tenant's URL must not reach is
 * refused here, before a connection is made. What a response means is decided in {@code http}.
 */
@NullMarked
package dev.corvid.seeder.source;

import org.jspecify.annotations.NullMarked;
