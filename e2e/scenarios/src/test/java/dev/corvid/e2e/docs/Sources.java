package dev.corvid.e2e.docs;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What documents may name: the Java sources, programs and tests, the targets of make, and the words
 * of the API.
 */
final class Sources {
  private static final Pattern PACKAGE = Pattern.compile("dev(\\.[a-z0-9]+)+");
  private static final Pattern CLASS =
      Pattern.compile("([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.([A-Za-z_]\\w*)(?:\\(\\))?)?");
  private static final Pattern PATH =
      Pattern.compile(
          "(?:[.]?[A-Za-z0-9_-]+/)+[A-Za-z0-9_.-]*|[A-Z][A-Z]+\\.md|pom\\.xml|Makefile");
  private static final Pattern TARGET = Pattern.compile("make ([a-z][a-z-]*)(?: .*)?");
  private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

  private final Path top = Checkout.root();
  private final Set<String> folders;
  private final Set<String> packages = new TreeSet<>();
  private final Map<String, List<Path>> classes = new HashMap<>();
  private final Set<String> words;
  private final Set<String> targets;

  Sources() throws IOException {
    try (Stream<Path> children = Files.list(top)) {
      folders =
          children
              .filter(Files::isDirectory)
              .map(child -> child.getFileName().toString())
              .collect(Collectors.toSet());
    }
    for (String module :
        List.of("crds", "operator", "peer-image/bittorrent", "peer-image/peer", "e2e")) {
      Files.walkFileTree(top.resolve(module), new JavaFiles());
    }
    words = words(top.resolve("crds/swarmreleases.corvid.dev.yaml"));
    words.addAll(words(classes.get("Reason").getFirst()));
    targets =
        Files.readAllLines(top.resolve("Makefile")).stream()
            .filter(line -> line.matches("[a-z-]+:.*"))
            .map(line -> line.substring(0, line.indexOf(':')))
            .collect(Collectors.toSet());
  }

  /** What is built changes meanwhile: other modules are built at the same time. */
  private final class JavaFiles extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return folder.endsWith("target") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (file.toString().endsWith(".java")) {
        add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private void add(Path file) {
    String name = file.getFileName().toString().replace(".java", "");
    classes.computeIfAbsent(name, key -> new ArrayList<>()).add(file);
    String path = top.relativize(file.getParent()).toString();
    if (path.contains("java/dev/")) {
      String own = path.substring(path.indexOf("java/dev/") + 5).replace('/', '.');
      packages.add(own);
      for (int dot = own.lastIndexOf('.'); dot > 0; dot = own.lastIndexOf('.', dot - 1)) {
        packages.add(own.substring(0, dot));
      }
    }
  }

  private static Set<String> words(Path file) throws IOException {
    return WORD.matcher(Files.readString(file))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  /** What is wrong with a text between backticks; empty for what is no name of the repository. */
  Optional<String> problem(String code) throws IOException {
    var target = TARGET.matcher(code);
    if (target.matches()) {
      return targets.contains(target.group(1))
          ? Optional.empty()
          : Optional.of("the Makefile has no such target");
    }
    if (PACKAGE.matcher(code).matches()) {
      return packages.contains(code) ? Optional.empty() : Optional.of("no package of that name");
    }
    if (PATH.matcher(code).matches()) {
      boolean ours = !code.contains("/") || folders.contains(code.substring(0, code.indexOf('/')));
      return !ours || Files.exists(top.resolve(code))
          ? Optional.empty()
          : Optional.of("no file of that path");
    }
    var named = CLASS.matcher(code);
    return named.matches() ? problem(named.group(1), named.group(2)) : Optional.empty();
  }

  private Optional<String> problem(String name, String member) throws IOException {
    List<Path> files = classes.get(name);
    if (files == null) {
      return words.contains(name) ? Optional.empty() : Optional.of("no class of that name");
    }
    for (Path file : files) {
      if (member == null
          || Pattern.compile("\\b" + member + "\\b").matcher(Files.readString(file)).find()) {
        return Optional.empty();
      }
    }
    return Optional.of(name + " has no " + member);
  }
}
