package dev.corvid.e2e.dependencies;

import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.e2e.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The tables of docs/dependencies.md have what POMs and go.mod files declare, and nothing else. */
class DependenciesDocumentTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  @Test
  void artifacts() throws Exception {
    var declared = new TreeSet<String>();
    inEachPom(
        "/project/dependencies/dependency",
        dependency ->
            declared.add(child(dependency, "groupId") + ":" + child(dependency, "artifactId")));
    declared.removeIf(artifact -> artifact.startsWith("dev.corvid:"));

    assertThat(rows("In the images", "In tests and tools")).isEqualTo(declared);
  }

  @Test
  void mavenPlugins() throws Exception {
    var declared = new TreeSet<String>();
    inEachPom("//plugin", plugin -> declared.add(child(plugin, "artifactId")));
    inEachPom(
        "//plugin/dependencies/dependency | //annotationProcessorPaths/path",
        dependency -> declared.add(child(dependency, "artifactId")));

    assertThat(rows("Maven plugins")).isEqualTo(declared);
  }

  @Test
  void goModules() throws IOException {
    var declared = new TreeSet<String>();
    for (var file : files("go.mod")) {
      var module = "";
      for (var line : Files.readAllLines(file)) {
        var words = line.strip().split("\\s+");
        if (words[0].equals("tool")) {
          declared.add(words[1]);
        } else if (line.startsWith("\t")
            && words[1].startsWith("v")
            && !line.endsWith("// indirect")) {
          declared.add(words[0]);
        } else if (words[0].equals("module")) {
          module = words[1];
        }
      }
      assertThat(module).as("module of %s", file).isNotEmpty();
    }

    assertThat(rows("Go modules")).isEqualTo(declared);
  }

  @Test
  void debianPackages() throws IOException {
    var script = Files.readString(Checkout.root().resolve(".ci/image-root"));
    var packages = Pattern.compile("^PACKAGES='([^']+)'", Pattern.MULTILINE).matcher(script);
    assertThat(packages.find()).isTrue();

    assertThat(rows("Debian packages")).isEqualTo(Set.of(packages.group(1).split(" ")));
  }

  /** What is marked as code in the first cells of the sections' tables. */
  private static Set<String> rows(String... sections) throws IOException {
    var document = Files.readString(Checkout.root().resolve("docs/dependencies.md"));
    var found = new ArrayList<String>();
    for (var section : sections) {
      var start = document.indexOf("\n## " + section + "\n");
      assertThat(start).as("section %s", section).isNotNegative();
      var end = document.indexOf("\n## ", start + 1);
      document
          .substring(start, end < 0 ? document.length() : end)
          .lines()
          .filter(line -> line.startsWith("| "))
          .map(line -> line.split("\\|")[1])
          .forEach(cell -> CODE.matcher(cell).results().forEach(code -> found.add(code.group(1))));
    }
    assertThat(found).doesNotHaveDuplicates();
    return new HashSet<>(found);
  }

  private static void inEachPom(String path, Consumer<Node> reader) throws Exception {
    var xml = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    for (var file : files("pom.xml")) {
      var nodes =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(path, xml.parse(file.toFile()), XPathConstants.NODESET);
      IntStream.range(0, nodes.getLength()).mapToObj(nodes::item).forEach(reader);
    }
  }

  private static String child(Node parent, String name) {
    var children = parent.getChildNodes();
    return IntStream.range(0, children.getLength())
        .mapToObj(children::item)
        .filter(node -> node.getNodeName().equals(name))
        .map(node -> node.getTextContent().strip())
        .filter(not(String::isEmpty))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + parent.getTextContent()));
  }

  private static List<Path> files(String name) throws IOException {
    var root = Checkout.root();
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            var skipped =
                folder.endsWith("target") || folder.endsWith("src") || folder.endsWith(".git");
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.getFileName().toString().equals(name)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    assertThat(found).isNotEmpty();
    return found;
  }
}
