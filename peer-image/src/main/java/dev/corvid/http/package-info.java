/**
 * What every role's web servers and web clients have in common.
 *
 * <p>What lives here: binding an address, or saying why that is not possible; whose certificates a
 * client trusts. What must not: routes and limits of any role.
 */
package dev.corvid.http;
