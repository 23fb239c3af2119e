/**
 * What an attacker runs in a pod: small programs that need the JDK alone, each with a bound on time
 * and count. Each prints what it got in one line. Who starts them, and what must not come of it, is
 * the scenarios' business.
 */
package dev.corvid.e2e.attack;
