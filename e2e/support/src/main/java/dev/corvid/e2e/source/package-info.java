/**
 * The HTTP server that releases are fetched from in tests and in the demo: ranges, a rate, and the
 * faults of real servers on request. It counts what it is asked. It needs the JDK alone, so that it
 * also runs inside Corvid's own image; nothing of Kubernetes or of Corvid's programs belongs here.
 */
package dev.corvid.e2e.source;
