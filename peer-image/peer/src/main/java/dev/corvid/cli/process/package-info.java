/**
 * What every command has in common.
 *
 * <p>What lives here: options, exit codes, signals, logs, and how a failure is shown. What must
 * not: a command.
 */
@NullMarked
package dev.corvid.cli.process;

import org.jspecify.annotations.NullMarked;
