package dev.corvid.e2e.bench.report;

/**
 * One measured value.
 *
 * @param repeat counted from 1
 * @param measure with its unit, as a column is headed
 */
public record Figure(String row, String program, int repeat, String measure, double value) {}
