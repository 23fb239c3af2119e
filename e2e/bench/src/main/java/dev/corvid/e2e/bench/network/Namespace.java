package dev.corvid.e2e.bench.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with one address.
 *
 * @param name as {@code ip netns} knows it
 * @param address by which the others reach it
 */
public record Namespace(String name, String address) {
  /** The command line that runs a program in there; the program keeps the process id. */
  public List<String> running(List<String> words) {
    var all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
    all.addAll(words);
    return all;
  }
}
