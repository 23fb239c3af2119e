package dev.corvid.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON encoding of every record in this package. Thread-safe. */
public final class Wire {
  /** The header in which a tracker names its instance; a new instance has forgotten everything. */
  public static final String INSTANCE_HEADER = "Corvid-Instance";

  /** The audience that every Corvid token is issued for. */
  public static final String AUDIENCE = "corvid";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Not one set of buffers for each of ten thousand waiting virtual threads.
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(16))
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxStringLength(1 << 20)
                          .maxNameLength(256)
                          .build())
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.ALWAYS))
          .build();

  private Wire() {}

  /** Encodes a record of this package as UTF-8 JSON. */
  public static byte[] encode(Object message) {
    try {
      return MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot encode " + message.getClass().getName(), e);
    }
  }

  /**
   * Decodes one message.
   *
   * @throws WireException when the text is not JSON, has a field of a wrong type, or lacks what the
   *     record requires
   */
  public static <T> T decode(byte[] json, Class<T> type) throws WireException {
    ObjectReader reader = MAPPER.readerFor(type);
    try {
      T message = reader.readValue(json);
      if (message == null) {
        throw new WireException("a " + type.getSimpleName() + " was expected, null was sent");
      }
      return message;
    } catch (WireException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new WireException("not a valid " + type.getSimpleName() + ": " + firstLine(e), e);
    }
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
