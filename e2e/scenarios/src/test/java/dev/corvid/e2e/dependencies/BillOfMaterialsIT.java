package dev.corvid.e2e.dependencies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.corvid.e2e.Checkout;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code make images} writes beside an image says what is inside. */
class BillOfMaterialsIT {
  /** What is below /opt/java is one component, the Java runtime. */
  private static final Predicate<String> JARS =
      path -> path.endsWith(".jar") && !path.startsWith("/opt/java/");

  private static final Predicate<String> OF_DEBIAN =
      path -> path.matches("/(lib|lib64|usr/lib)/.*");

  private final Map<String, JsonNode> components = new HashMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"operator", "peer"})
  void everyJarIsAComponentWithItsHash(String image) throws Exception {
    read(image);
    var jars = files(image, JARS);

    assertThat(jars).hasSizeGreaterThan(5);
    assertThat(jars)
        .allSatisfy(
            (path, hash) -> assertThat(hashes(path)).as("component of %s", path).contains(hash));
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "peer"})
  void everyLibraryOfTheRootIsOfADebianPackage(String image) throws Exception {
    read(image);
    var libraries = files(image, OF_DEBIAN);

    assertThat(libraries).containsKey("/usr/lib/locale/C.utf8/LC_CTYPE").hasSizeGreaterThan(10);
    assertThat(libraries)
        .allSatisfy(
            (path, _) -> {
              assertThat(components).containsKey(path);
              assertThat(components.get(path).path("purl").asText())
                  .startsWith("pkg:deb/")
                  .contains("arch=")
                  .contains("distro=");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "peer"})
  void everyLibraryHasALicence(String image) throws Exception {
    read(image);

    assertThat(components.values().stream().filter(component -> component.has("purl")))
        .allSatisfy(component -> assertThat(component.path("licenses")).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "peer"})
  void nothingForTestsIsInside(String image) throws Exception {
    read(image);

    assertThat(files(image, JARS).keySet())
        .noneMatch(path -> path.matches(".*(bt-core|bt-bencoding|guice|junit|assertj|archunit).*"));
  }

  private void read(String image) throws IOException {
    var bom = new ObjectMapper().readTree(image(image, ".cdx.json").toFile());
    assertThat(bom.path("specVersion").asText()).isEqualTo("1.6");
    for (var component : bom.path("components")) {
      for (var place : component.at("/evidence/occurrences")) {
        components.put(place.path("location").asText(), component);
      }
    }
  }

  private List<String> hashes(String path) {
    var component = components.get(path);
    return component == null
        ? List.of()
        : StreamSupport.stream(component.path("hashes").spliterator(), false)
            .map(hash -> hash.path("content").asText())
            .toList();
  }

  /** Paths and SHA-256 of the files in all layers. */
  private static Map<String, String> files(String image, Predicate<String> wanted)
      throws Exception {
    var found = new TreeMap<String, String>();
    try (var tar = tar(Files.newInputStream(image(image, ".tar")))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith(".tar.gz")) {
          var layer = tar(new GZIPInputStream(new ByteArrayInputStream(tar.readAllBytes())));
          for (var file = layer.getNextEntry(); file != null; file = layer.getNextEntry()) {
            var path = "/" + file.getName();
            if (file.isFile() && wanted.test(path)) {
              var sha256 = MessageDigest.getInstance("SHA-256").digest(layer.readAllBytes());
              found.put(path, HexFormat.of().formatHex(sha256));
            }
          }
        }
      }
    }
    return found;
  }

  private static TarArchiveInputStream tar(InputStream in) {
    return new TarArchiveInputStream(new BufferedInputStream(in));
  }

  private static Path image(String name, String suffix) {
    return Checkout.root().resolve("target/images/corvid-" + name + suffix);
  }
}
