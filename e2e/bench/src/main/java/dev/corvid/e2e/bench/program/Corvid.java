package dev.corvid.e2e.bench.program;

import dev.corvid.e2e.Command;
import dev.corvid.e2e.bench.network.Namespace;
import dev.corvid.wire.text.ByteSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Our program, with the Java, the AOT cache and the settings of its image. */
public final class Corvid implements Client {
  private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "2");

  private static final Pattern MADE =
      Pattern.compile(" in (\\d+) pieces of (\\S+)B, info-hash (\\w+)");
  private static final Duration MAKING = Duration.ofMinutes(5);

  private final List<String> java;
  private final Path jar;
  private final Path tests;

  public Corvid(Path checkout) {
    jar = checkout.resolve("peer-image/peer/target/corvid-peer.jar");
    tests = checkout.resolve("peer-image/peer/target/test-classes");
    var cache = checkout.resolve("peer-image/peer/target/corvid-peer.aot");
    var imageJava = ImageSettings.java();
    for (var part : List.of(jar, cache, imageJava)) {
      if (!Files.exists(part)) {
        throw new IllegalStateException(part + " is missing: make bench builds it");
      }
    }
    java = new ArrayList<>();
    java.add(imageJava.toString());
    java.addAll(ImageSettings.of(checkout.resolve("peer-image/peer"), cache));
  }

  @Override
  public String name() {
    return "corvid";
  }

  /** Makes a torrent, outside of what is measured: without the image's settings. */
  public Torrent make(Path content, Path torrent, String... more) {
    var words = new ArrayList<>(List.of(java.getFirst(), "-jar", jar.toString(), "make"));
    words.addAll(List.of(content.toString(), "-o", torrent.toString()));
    words.addAll(List.of(more));
    return made(words, torrent);
  }

  /** Runs what makes a torrent and says so in the words of {@code make}. */
  static Torrent made(List<String> words, Path torrent) {
    var told = MADE.matcher(new Command(words, ENVIRONMENT, MAKING).run());
    if (!told.find()) {
      throw new IllegalStateException("corvid make does not tell what it made any more");
    }
    int pieces = Integer.parseInt(told.group(1));
    return new Torrent(torrent, told.group(3), pieces, ByteSize.parse(told.group(2)));
  }

  /** The tracker that all clients use. */
  public Running tracker(Namespace namespace, String listen) {
    var words = words("tracker", "--json", "--listen", listen);
    return new Running("tracker", namespace.running(words), ENVIRONMENT, new JsonDialect());
  }

  @Override
  public Running seed(Place place, Path torrent, Path content) {
    return start(place, words("seed", torrent, content));
  }

  @Override
  public Running get(Place place, Path torrent, Path directory) {
    return start(place, words("get", torrent, directory, "--seed-for", "1h"));
  }

  static Running start(Place place, List<String> words) {
    words.addAll(List.of("--json", "--progress", "250ms"));
    words.addAll(List.of("--listen", place.address() + ":" + place.port()));
    place.host().ifPresent(host -> words.addAll(List.of("--host", host)));
    place.neighbour().ifPresent(neighbour -> words.addAll(List.of("--peer", neighbour)));
    return new Running(
        "corvid at " + place.address(), place.running(words), ENVIRONMENT, new JsonDialect());
  }

  private List<String> words(Object... arguments) {
    return words(List.of("-jar", jar.toString()), arguments);
  }

  /** A program that stands among the tests. */
  List<String> among(String tested, Object... arguments) {
    return words(List.of("-cp", jar + ":" + tests, tested), arguments);
  }

  private List<String> words(List<String> program, Object... arguments) {
    var words = new ArrayList<>(java);
    words.addAll(program);
    for (var argument : arguments) {
      words.add(argument.toString());
    }
    return words;
  }
}
