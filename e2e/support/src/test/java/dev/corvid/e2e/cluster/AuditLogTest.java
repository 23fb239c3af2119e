package dev.corvid.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final String OPERATOR = "system:serviceaccount:corvid-system:corvid-operator";

  @TempDir Path folder;

  @Test
  void countsWritesOfOneUserAndLeavesLeasesOut() throws IOException {
    var file = folder.resolve("audit.log");
    Files.writeString(
        file,
        line("10", OPERATOR, "patch", "swarmreleases", "status")
            + line("11", OPERATOR, "update", "leases", "")
            + line("12", OPERATOR, "list", "pods", "")
            + line("13", "admin", "create", "pods", "")
            + line("14", OPERATOR, "create", "pods", ""));
    var log = new AuditLog(file);

    var writes = log.writesOf(OPERATOR, Instant.EPOCH);
    assertThat(writes).extracting("resource").containsExactly("swarmreleases/status", "pods");
    assertThat(writes.getFirst())
        .hasToString(OPERATOR + " patch swarmreleases/status demo/x -> 200");
    assertThat(log.writesOf(OPERATOR, Instant.parse("2030-01-01T00:00:13Z"))).hasSize(1);
    assertThat(log.callsOf(OPERATOR, Instant.EPOCH)).hasSize(4);
  }

  private static String line(
      String second, String user, String verb, String resource, String subresource) {
    return """
        {"kind":"Event","verb":"%s","user":{"username":"%s"},"objectRef":{"resource":"%s",\
        "subresource":"%s","namespace":"demo","name":"x"},"responseStatus":{"code":200},\
        "requestReceivedTimestamp":"2030-01-01T00:00:%s.000000Z"}
        """
        .formatted(verb, user, resource, subresource, second);
  }
}
