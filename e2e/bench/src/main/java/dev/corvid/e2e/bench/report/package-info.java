/** What a bench writes down: tables, CSV, plots. What was measured comes from elsewhere. */
package dev.corvid.e2e.bench.report;
