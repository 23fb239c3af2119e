/**
 * An application that reads a release, as a tenant would write it: it runs in pods of the scenarios
 * and needs the JDK alone.
 */
package dev.corvid.e2e.reader;
