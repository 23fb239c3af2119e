package dev.corvid.operator.release.record;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * A ControllerRevision, whatever its data is: who may create one may write any JSON there. The
 * client's own type takes data that has a kind for an object of that kind, and fails to read a
 * whole list of them if one is not. A watch that fails to read one ends the operator.
 */
@Group("apps")
@Version("v1")
@Kind("ControllerRevision")
@Plural("controllerrevisions")
@JsonDeserialize(using = JsonDeserializer.None.class) // by its fields, as every type of the client
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "data", "revision"})
public final class RawControllerRevision implements HasMetadata, Namespaced {
  /** As what the client reads one in a watch's event, where it goes by the kind alone. */
  public static void register(KubernetesClient client) {
    client
        .getKubernetesSerialization()
        .registerKubernetesResource("apps/v1", "ControllerRevision", RawControllerRevision.class);
  }

  private String apiVersion = HasMetadata.getApiVersion(RawControllerRevision.class);
  private ObjectMeta metadata = new ObjectMeta();
  private @Nullable Object data;
  private @Nullable Long revision;

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String version) {
    apiVersion = version;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    this.metadata = metadata;
  }

  /** As far as it might be a record's: see {@link FlatData}. */
  public @Nullable Object getData() {
    return data;
  }

  @JsonDeserialize(using = FlatData.class)
  public void setData(@Nullable Object data) {
    this.data = data;
  }

  public @Nullable Long getRevision() {
    return revision;
  }

  public void setRevision(@Nullable Long revision) {
    this.revision = revision;
  }
}
