/**
 * What every command has in common.
 *
 * <p>What lives here: options, exit codes, signals, logs, and how a failure is shown. What must
 * not: a command.
 */
package dev.corvid.cli.process;
