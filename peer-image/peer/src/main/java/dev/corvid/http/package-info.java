/**
 * What every role's web servers and web clients have in common.
 *
 * <p>What lives here: binding an address, or saying why that is not possible; keeping the
 * connections to it bounded in number and time, whatever clients do; how clients connect, whose
 * certificates they trust, and how they read a body. What must not: routes and limits of any role.
 */
@NullMarked
package dev.corvid.http;

import org.jspecify.annotations.NullMarked;
