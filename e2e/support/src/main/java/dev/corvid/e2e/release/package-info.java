/**
 * A release as one watches it from outside: its status, its nodes' figures, when what happened.
 * Demo and scenarios look through the same eyes.
 */
package dev.corvid.e2e.release;
