/**
 * The chart as it is installed on a cluster: the rights it grants, the network policies, and what
 * it leaves behind. How it renders is tested in {@link dev.corvid.e2e.chart}.
 */
package dev.corvid.e2e.scenario.chart;
