/**
 * The Helm chart: rendered with many values by the Helm library, refused where values are wrong,
 * and admitted or refused by a real API server. Scenarios that need nodes live beside, not here.
 */
package dev.corvid.e2e.chart;
