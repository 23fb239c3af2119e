import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * The bill of materials of an image: {@code java -cp (Jackson) .ci/Sbom.java MODULE.json IMAGE.json
 * NAME FOLDER=/INTO...}.
 *
 * <p>MODULE.json is what the CycloneDX plugin wrote for the Maven module: licenses, hashes and who
 * needs whom. Each FOLDER is a part of the image. A component is kept if one of its files is there,
 * found by its hash, and names the places. Debian's packages and the Java runtime are added.
 */
class Sbom {
  /** What the copyright files of the packages in .ci/image-root say of the files that are taken. */
  private static final Map<String, String> DEBIAN_LICENSES =
      Map.of(
          "libc6", "LGPL-2.1-or-later", "libc-bin", "LGPL-2.1-or-later", "zlib1g", "Zlib");

  private final ObjectMapper json = new ObjectMapper();
  private final ObjectNode bom;
  private final Map<String, ObjectNode> bySha256 = new HashMap<>();
  private final Map<String, ObjectNode> byMd5 = new HashMap<>();
  private final Map<String, ObjectNode> found = new TreeMap<>();
  private ObjectNode java;

  private Sbom(Path module) throws IOException {
    bom = (ObjectNode) json.readTree(module.toFile());
    for (var component : bom.withArray("components")) {
      for (var hash : component.path("hashes")) {
        if (hash.path("alg").asText().equals("SHA-256")) {
          bySha256.put(hash.path("content").asText(), (ObjectNode) component);
        }
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    var sbom = new Sbom(Path.of(arguments[0]));
    var parts = List.of(arguments).subList(3, arguments.length);
    for (var part : parts) {
      sbom.readPackages(Path.of(part.split("=")[0]));
    }
    for (var part : parts) {
      sbom.add(Path.of(part.split("=")[0]), part.split("=")[1]);
    }
    sbom.write(Path.of(arguments[1]), arguments[2]);
  }

  /** As .ci/debian-files leaves them. */
  private void readPackages(Path root) throws IOException {
    var packages = root.resolve("var/lib/dpkg/status.d");
    if (!Files.isDirectory(packages)) {
      return;
    }
    var system = new Properties();
    try (var in = Files.newBufferedReader(root.resolve("etc/os-release"))) {
      system.load(in);
    }
    var id = unquoted(system, "ID");
    var distribution = id + "-" + unquoted(system, "VERSION_ID");
    try (var sums = Files.newDirectoryStream(packages, "*.md5sums")) {
      for (var file : sums) {
        var name = file.getFileName().toString().replace(".md5sums", "");
        var control = new Properties();
        for (var line : Files.readAllLines(packages.resolve(name))) {
          if (!line.startsWith(" ") && line.contains(": ")) {
            control.put(line.split(": ")[0], line.substring(line.indexOf(": ") + 2));
          }
        }
        var version = control.getProperty("Version");
        var component =
            component(
                "library",
                name,
                version,
                "pkg:deb/%s/%s@%s?arch=%s&distro=%s"
                    .formatted(
                        id,
                        name,
                        URLEncoder.encode(version, StandardCharsets.UTF_8),
                        control.getProperty("Architecture"),
                        distribution));
        component.put("publisher", control.getProperty("Maintainer"));
        license(component, DEBIAN_LICENSES.get(name), "/usr/share/doc/" + name + "/copyright");
        for (var line : Files.readAllLines(file)) {
          byMd5.put(line.split(" +")[0], component);
        }
      }
    }
    var release = new Properties();
    try (var in = Files.newBufferedReader(root.resolve("opt/java/release"))) {
      release.load(in);
    }
    var version = unquoted(release, "JAVA_VERSION");
    java = component("platform", "openjdk", version, "pkg:generic/openjdk@" + version);
    java.put("description", "cut by jlink: " + unquoted(release, "MODULES"));
    java.putArray("licenses")
        .addObject()
        .put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
    occurs(java, "/opt/java");
  }

  private void add(Path part, String into) throws IOException {
    List<Path> files;
    try (var walk = Files.walk(part)) {
      files = walk.filter(Files::isRegularFile).sorted().collect(Collectors.toList());
    }
    for (var file : files) {
      var inside = part.equals(file) ? part.getFileName() : part.relativize(file);
      var location = (into.equals("/") ? "" : into) + "/" + inside;
      if (!location.startsWith("/opt/java/")) {
        add(file, location, Files.readAllBytes(file));
      }
    }
  }

  private void add(Path file, String location, byte[] bytes) throws IOException {
    var sha256 = digest("SHA-256", bytes);
    var known = bySha256.getOrDefault(sha256, byMd5.get(digest("MD5", bytes)));
    if (known != null) {
      occurs(known, location);
    } else if (location.endsWith(".jar")) {
      var jar = jar(file, location);
      hash(jar, sha256);
      occurs(jar, location);
    } else if (location.matches("/(lib|lib64|usr)/.*|.*\\.so")) {
      // Of no package that is known: a machine without apt, or a library from inside a jar.
      var name = location.substring(location.lastIndexOf('/') + 1);
      var library = component("file", name, null, null);
      library.put("bom-ref", "file:" + location);
      hash(library, sha256);
      occurs(library, location);
    }
  }

  /** A jar that Maven's tree of the module does not have: Quarkus adds some, and makes others. */
  private ObjectNode jar(Path file, String location) throws IOException {
    try (var zip = new ZipFile(file.toFile())) {
      var names =
          zip.stream()
              .filter(entry -> entry.getName().matches("META-INF/maven/[^/]+/[^/]+/pom.properties"))
              .toList();
      if (names.size() == 1) {
        var maven = new Properties();
        try (var in = zip.getInputStream(names.getFirst())) {
          maven.load(in);
        }
        var group = maven.getProperty("groupId");
        var name = maven.getProperty("artifactId");
        var version = maven.getProperty("version");
        var library =
            component(
                "library",
                name,
                version,
                "pkg:maven/%s/%s@%s?type=jar".formatted(group, name, version));
        library.put("group", group);
        if (group.equals("dev.corvid")) {
          license(library, "Apache-2.0", null);
        } else {
          license(library, null, declaredLicense(zip));
        }
        return library;
      }
    }
    var name = location.substring(location.lastIndexOf('/') + 1);
    var own = component("file", name, null, null);
    own.put("bom-ref", "file:" + location);
    return own;
  }

  /** OSGi's name or URL of it; otherwise where to look. */
  private static String declaredLicense(ZipFile zip) throws IOException {
    try (var in = zip.getInputStream(zip.getEntry("META-INF/MANIFEST.MF"))) {
      var declared = new Manifest(in).getMainAttributes().getValue("Bundle-License");
      return declared == null ? "see the jar" : declared;
    }
  }

  private void write(Path target, String name) throws IOException {
    var metadata = (ObjectNode) bom.get("metadata");
    ((ObjectNode) metadata.get("component")).put("type", "container").put("name", name);
    bom.putArray("components").addAll(found.values());
    var kept = new HashSet<>(found.keySet());
    var top = metadata.at("/component/bom-ref").asText();
    kept.add(top);
    var dependencies = bom.withArray("dependencies");
    var remaining = json.createArrayNode();
    var named = new HashSet<String>();
    for (var dependency : dependencies) {
      var ref = dependency.get("ref").asText();
      if (kept.contains(ref)) {
        named.add(ref);
        remaining.add(withOnly(kept, (ObjectNode) dependency));
      }
    }
    for (var dependency : remaining) {
      if (dependency.get("ref").asText().equals(top)) {
        var needed = ((ObjectNode) dependency).withArray("dependsOn");
        found.keySet().stream().filter(ref -> !named.contains(ref)).forEach(needed::add);
      }
    }
    bom.set("dependencies", remaining);
    json.writerWithDefaultPrettyPrinter().writeValue(target.toFile(), bom);
  }

  private ObjectNode withOnly(HashSet<String> kept, ObjectNode dependency) {
    var needed = new ArrayList<JsonNode>();
    dependency.path("dependsOn").forEach(needed::add);
    needed.removeIf(ref -> !kept.contains(ref.asText()));
    dependency.putArray("dependsOn").addAll(needed);
    return dependency;
  }

  private ObjectNode component(String type, String name, String version, String purl) {
    var component = json.createObjectNode().put("type", type).put("name", name);
    if (version != null) {
      component.put("version", version);
    }
    if (purl != null) {
      component.put("purl", purl).put("bom-ref", purl);
    }
    return component;
  }

  private static void license(ObjectNode component, String id, String name) {
    var license = component.putArray("licenses").addObject().putObject("license");
    license.put(id == null ? "name" : "id", id == null ? name : id);
  }

  private static void hash(ObjectNode component, String sha256) {
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256);
  }

  private void occurs(ObjectNode component, String location) {
    found.put(component.get("bom-ref").asText(), component);
    ArrayNode places = component.withObject("/evidence").withArray("/occurrences");
    places.addObject().put("location", location);
  }

  private static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String unquoted(Properties properties, String key) {
    return properties.getProperty(key, "").replace("\"", "");
  }
}
