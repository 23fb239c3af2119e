/**
 * What this program calls itself towards others on the network, and how it writes where they are:
 * version, peer id, addresses. Nothing here opens a connection.
 */
@NullMarked
package dev.corvid.net;

import org.jspecify.annotations.NullMarked;
