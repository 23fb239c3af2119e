package dev.corvid.operator.release.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data as a record has it: a few short texts and numbers by name. Anything else is skipped as it is
 * read, without becoming an object, and read as no data: a page of such objects might be larger in
 * memory than the operator may be.
 */
final class FlatData extends JsonDeserializer<Map<String, Object>> {
  private static final int MAX_FIELDS = 16;
  private static final int MAX_NAME = 32;
  private static final int MAX_TEXT = 256;
  private static final int MAX_DIGITS = 32;

  @Override
  public Map<String, Object> deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    if (!json.isExpectedStartObjectToken()) {
      json.skipChildren();
      return Map.of();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    boolean isFlat = true;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      Object value = isFlat ? value(json) : null;
      json.skipChildren();
      isFlat = value != null && name.length() <= MAX_NAME && fields.size() < MAX_FIELDS;
      if (isFlat) {
        fields.put(name, value);
      }
    }
    return isFlat ? fields : Map.of();
  }

  /** Null when it is no value of a record. */
  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getTextLength() <= MAX_TEXT ? json.getText() : null;
      case VALUE_NUMBER_INT -> json.getTextLength() <= MAX_DIGITS ? json.getNumberValue() : null;
      default -> null;
    };
  }
}
