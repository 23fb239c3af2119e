package dev.corvid.operator.release.volume;

import dev.corvid.operator.release.step.NameList;
import java.util.List;

/**
 * Pods that use a claim.
 *
 * @param count of all
 * @param names of the first few
 */
public record VolumeUsers(int count, List<String> names) {
  public static final VolumeUsers NONE = new VolumeUsers(0, List.of());

  @Override
  public String toString() {
    return new NameList(names, count).toString();
  }
}
