package dev.corvid.operator.release.step;

import dev.corvid.wire.text.Printable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/** What the API server answers to a request that it does not carry out. */
public final class ApiRefusal {
  /** To an object that it will not have: invalid, forbidden by rights, a quota or a policy. */
  private static final Set<Integer> OF_AN_OBJECT =
      Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, 422);

  /** No answer, a time-out, a conflict, too many requests. */
  private static final Set<Integer> PASSING =
      Set.of(0, HttpURLConnection.HTTP_CLIENT_TIMEOUT, HttpURLConnection.HTTP_CONFLICT, 429);

  private static final int MAX_WORDS = 800;

  private ApiRefusal() {}

  public static boolean isOfObject(KubernetesClientException e) {
    return OF_AN_OBJECT.contains(e.getCode());
  }

  /**
   * Whether the next attempt succeeds as a rule: so it does after all that the API server calls its
   * own fault, such as etcd's election of another leader or a webhook that does not answer, which
   * are 500.
   */
  static boolean isPassing(KubernetesClientException e) {
    return PASSING.contains(e.getCode()) || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
  }

  /** Its own words, as far as they fit into a condition. */
  public static String words(KubernetesClientException e) {
    String own = e.getStatus() == null ? null : e.getStatus().getMessage();
    String words = own == null ? e.getMessage() : own;
    return Printable.text(words == null ? "HTTP status " + e.getCode() : words, MAX_WORDS);
  }
}
