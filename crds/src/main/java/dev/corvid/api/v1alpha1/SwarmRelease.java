package dev.corvid.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * A named channel of content: edit its spec and a new revision rolls out to every selected node;
 * revert the edit to return to the old one.
 */
@Group("corvid.dev")
@Version("v1alpha1")
@Kind("SwarmRelease")
@Singular("swarmrelease")
@Plural("swarmreleases")
@ShortNames("swr")
@ValidationRule(
    value = "size(self.metadata.name) <= 52 && !self.metadata.name.contains('.')",
    message =
        "metadata.name must have at most 52 characters and no dots: it names a directory, a claim"
            + " and pods")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.currentVersion")
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.currentRevision")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Nodes", jsonPath = ".status.nodes.summary")
@AdditionalPrinterColumn(name = "Progress", jsonPath = ".status.progress.summary")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Target", jsonPath = ".status.updateRevision", priority = 1)
@AdditionalPrinterColumn(name = "Size", jsonPath = ".status.source.size", priority = 1)
@AdditionalPrinterColumn(name = "Wave", jsonPath = ".status.wave.name", priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    priority = 1)
public class SwarmRelease extends CustomResource<SwarmReleaseSpec, SwarmReleaseStatus>
    implements Namespaced {
  public static final String FINALIZER = "corvid.dev/nodes";

  @Override
  protected @Nullable SwarmReleaseSpec initSpec() {
    return null; // absent until somebody writes it: records have no empty instance
  }

  @Override
  protected @Nullable SwarmReleaseStatus initStatus() {
    return null;
  }

  @Override
  @Required
  public SwarmReleaseSpec getSpec() {
    return super.getSpec();
  }
}
