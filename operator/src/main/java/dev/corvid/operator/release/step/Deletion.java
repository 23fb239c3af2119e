package dev.corvid.operator.release.step;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes an object as it was seen, and no other that has its name by now. */
public final class Deletion {
  private static final Logger LOG = LoggerFactory.getLogger(Deletion.class);

  private Deletion() {}

  /**
   * Deletes that version of the object, unless it is being deleted already. If it has changed, its
   * new version wakes the release, which decides again.
   */
  public static void delete(HasMetadata seen, Context<?> context) {
    if (seen.getMetadata().getDeletionTimestamp() != null) {
      return;
    }
    try {
      context.getClient().resource(seen).lockResourceVersion().delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      LOG.debug("{} changed before it could be deleted", seen.getMetadata().getName());
    }
  }
}
