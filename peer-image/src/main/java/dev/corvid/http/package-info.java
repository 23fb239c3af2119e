/**
 * Web servers as every role starts them.
 *
 * <p>What lives here: binding an address, or saying why that is not possible. What must not: routes
 * and limits of any role.
 */
package dev.corvid.http;
