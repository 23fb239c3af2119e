package dev.corvid.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A package of ours that needs the JDK alone, run in pods of Corvid's own image: its classes travel
 * in a ConfigMap. So there is a source, or a reader, in any cluster without another image.
 */
public record Program(Class<?> main) {
  public static final String JAR = "program.jar";

  /** The classes of the main class's package, as a ConfigMap of this name. */
  public ConfigMap configMap(String namespace, String name) throws IOException {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withBinaryData(Map.of(JAR, Base64.getEncoder().encodeToString(jar())))
        .build();
  }

  private byte[] jar() throws IOException {
    var folder = main.getPackageName().replace('.', '/');
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes)) {
      var location = location();
      if (Files.isDirectory(location)) {
        add(location.resolve(folder), folder, jar);
      } else {
        try (FileSystem files = FileSystems.newFileSystem(location)) {
          add(files.getPath(folder), folder, jar);
        }
      }
    }
    return bytes.toByteArray();
  }

  private Path location() {
    try {
      URI location = main.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void add(Path from, String folder, JarOutputStream jar) throws IOException {
    try (var files = Files.list(from)) {
      for (var file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().endsWith(".class")) {
          jar.putNextEntry(new JarEntry(folder + "/" + file.getFileName()));
          Files.copy(file, jar);
        }
      }
    }
  }
}
