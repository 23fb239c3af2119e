/**
 * The wire records between operator, tracker, seeder and peer: JSON over HTTP, one record a
 * message.
 *
 * <p>What lives here: the messages, how they are encoded ({@link dev.corvid.wire.Wire}), and how a
 * grant is signed ({@link dev.corvid.wire.SignedGrant}). What must not: behaviour of any role,
 * transport, Kubernetes types. Unknown fields are ignored and absent ones have a meaning, so that
 * versions N and N-1 work together.
 */
package dev.corvid.wire;
