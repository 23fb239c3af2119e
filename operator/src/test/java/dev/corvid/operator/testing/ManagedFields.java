package dev.corvid.operator.testing;

import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who owns which fields of an object. */
public final class ManagedFields {
  private ManagedFields() {}

  /** What that manager owns: {@code /f:spec/f:source/…}. */
  public static Set<String> of(ObjectMeta object, String manager) {
    Set<String> paths = new TreeSet<>();
    entries(object, manager).stream()
        .map(ManagedFieldsEntry::getFieldsV1)
        .flatMap(fields -> paths("", fields.getAdditionalProperties()))
        .forEach(paths::add);
    return paths;
  }

  /** The same as the object has it, with the time of the manager's last change. */
  public static List<ManagedFieldsEntry> entries(ObjectMeta object, String manager) {
    return object.getManagedFields().stream()
        .filter(entry -> manager.equals(entry.getManager()))
        .toList();
  }

  private static Stream<String> paths(String above, Map<?, ?> fields) {
    return fields.isEmpty()
        ? Stream.of(above)
        : fields.entrySet().stream()
            .flatMap(field -> paths(above + "/" + field.getKey(), (Map<?, ?>) field.getValue()));
  }
}
