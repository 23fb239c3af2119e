package dev.corvid.operator.release.step;

import java.util.List;

/**
 * Names in a message, which has room for the first few.
 *
 * @param first those that are named
 * @param count of all
 */
public record NameList(List<String> first, int count) {
  public static NameList of(List<String> names, int most) {
    return new NameList(List.copyOf(names.subList(0, Math.min(most, names.size()))), names.size());
  }

  @Override
  public String toString() {
    int more = count - first.size();
    return String.join(", ", first) + (more == 0 ? "" : " and " + more + " more");
  }
}
