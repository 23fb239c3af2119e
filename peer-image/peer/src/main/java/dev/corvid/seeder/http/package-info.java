/**
 * The answers to GETs of a URL: redirects, cookies, ranges, validators and {@code Retry-After}, by
 * RFC 9110. {@code ResponseReader} decides which bytes of which version a response has. Nothing
 * here writes to disk or knows a mirror.
 */
@NullMarked
package dev.corvid.seeder.http;

import org.jspecify.annotations.NullMarked;
