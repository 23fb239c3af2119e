package dev.corvid.operator;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * The limits of JSON from the API server are those of the API server: it stores what is nested ten
 * thousand deep, or has a name of a megabyte, where nobody says what the data is. With Jackson's
 * own, lower limits one such object would make a whole list unreadable. What is not asked for is
 * skipped and takes no memory, however deep it is. Bytes that are no UTF-8 it stores, too.
 */
@Singleton
public class StoredJson implements KubernetesClientObjectMapperCustomizer {
  private static final int MAX_DEPTH = 20_000;

  /** A request to the API server has at most 3 MiB. */
  private static final int MAX_TEXT = 4 << 20;

  @Override
  public void customize(ObjectMapper mapper) {
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNameLength(MAX_TEXT)
                .maxNumberLength(MAX_TEXT)
                .build())
        .setInputDecorator(new RepairedUtf8());
  }
}
