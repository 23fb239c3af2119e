package dev.corvid.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.corvid.operator.testing.ApiServer;
import dev.corvid.reference.DocumentedCommand;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands of README.md and docs/ with the real kubectl, as they stand there, of a release that is
 * active. What changes something is asked of the API server, and not done.
 */
class KubectlDocumentsIT extends Installation {
  private static final Pattern CHANGES =
      Pattern.compile("kubectl (?:-n \\S+ )?(?:create|label|apply|annotate|patch|delete) .*");

  @TempDir private Path home;
  private Process shell;

  @AfterEach
  void end() {
    if (shell != null) {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
      shell.onExit().join();
    }
  }

  @Test
  void eachDoesWhatItSays(ApiServer server) throws Exception {
    rollOut("a");
    prepare();
    List<DocumentedCommand> commands = DocumentedCommand.runBy(getClass());
    assertThat(commands).hasSizeGreaterThan(20);

    for (var command : commands) {
      String text = completed(command.text());
      run(server, text);
      if (text.endsWith("--watch")) {
        await(command.toString()).until(() -> output().contains("model"));
        shell.destroy();
      } else {
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        assertThat(shell.exitValue()).as("%s\n%s\n%s", command, text, output()).isZero();
      }
    }
  }

  /** What the commands take for granted. */
  private void prepare() throws Exception {
    Path program = home.resolve("kubectl");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s' kubectl \"$@\"\n".formatted(ApiServer.binary().orElseThrow()));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(
        home.resolve("model.yaml"),
        """
        apiVersion: corvid.dev/v1alpha1
        kind: SwarmRelease
        metadata: {name: other, namespace: %s}
        spec: {source: {http: {url: "https://a/a.tar.gz"}}, nodes: {selector: {}}}
        """
            .formatted(namespace));
    shell =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=a",
                "-keyout",
                "client-key.pem",
                "-out",
                "client.pem")
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile())
            .start();
    assertThat(shell.waitFor()).as(output()).isZero();
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("artifacts-client")
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .create();
  }

  /** With the names of this installation for those of the document, and its ellipses filled. */
  private String completed(String command) {
    String mine =
        command
            .replace("-n search", "-n " + namespace)
            .replace("-n NAMESPACE", "-n " + namespace)
            .replaceAll("create namespace \\S+", "create namespace " + namespace + "-new")
            .replaceAll("create secret tls \\S+", "create secret tls new")
            .replace("ranking-model", "model")
            .replaceAll("\\bNAME\\b", "model")
            .replaceAll("\\bNODE\\b", "node1")
            .replace("GENERATION", "1")
            .replace("…", "x");
    return CHANGES.matcher(mine).matches() ? mine + " --dry-run=server" : mine;
  }

  private void run(ApiServer server, String command) throws Exception {
    var builder =
        new ProcessBuilder("bash", "-euc", command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output").toFile());
    builder.environment().put("PATH", home + ":" + System.getenv("PATH"));
    builder.environment().put("KUBECONFIG", server.kubeconfig().toString());
    builder.environment().put("HOME", home.toString());
    shell = builder.start();
  }

  private String output() throws Exception {
    return Files.readString(home.resolve("output"));
  }
}
