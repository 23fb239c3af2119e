package dev.corvid.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod of Corvid's own image with another command, as strict as Pod Security <i>restricted</i>
 * asks; the image has a JRE and libc, and nothing else.
 *
 * @param command with the program first
 * @param node where it runs; null where the scheduler wants
 * @param claim mounted at /release, read-only; null for none
 * @param program ConfigMap of a {@link Program}, mounted at /program; null for none
 */
public record JavaPod(
    String namespace,
    String name,
    String image,
    List<String> command,
    String node,
    String claim,
    String program) {
  public static final String JAVA = "/opt/java/bin/java";

  /** Label of every such pod. */
  public static final String LABEL = "corvid.dev/e2e";

  private static final long NOBODY = 65534;

  public static JavaPod of(String namespace, String name, String image, List<String> command) {
    return new JavaPod(namespace, name, image, command, null, null, null);
  }

  public JavaPod on(String node) {
    return new JavaPod(namespace, name, image, command, node, claim, program);
  }

  public JavaPod reading(String claim) {
    return new JavaPod(namespace, name, image, command, node, claim, program);
  }

  /** Runs a class of the program that the ConfigMap holds, instead of a command of the image. */
  public JavaPod running(String configMap, Class<?> main, String... arguments) {
    var java = new ArrayList<>(List.of(JAVA, "-Xmx32m", "-cp", "/program/" + Program.JAR));
    java.add(main.getName());
    java.addAll(List.of(arguments));
    return new JavaPod(namespace, name, image, java, node, claim, configMap);
  }

  /** The pod, uid 65534; it is not restarted. */
  public Pod build() {
    return build(NOBODY);
  }

  /** The same with another uid; 0 is refused in restricted namespaces. */
  public Pod build(long uid) {
    // @formatter:off
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withNodeName(node)
            .withRestartPolicy("Never")
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(1L)
            .withNewSecurityContext()
            .withRunAsUser(uid)
            .withRunAsGroup(uid)
            .withRunAsNonRoot(uid != 0)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .addNewContainer()
            .withName("main")
            .withImage(image)
            .withCommand(command)
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .endSecurityContext()
            .addNewVolumeMount()
            .withName("tmp")
            .withMountPath("/tmp")
            .endVolumeMount()
            .endContainer()
            .addNewVolume()
            .withName("tmp")
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .endSpec();
    if (claim != null) {
      pod.editSpec()
          .editFirstContainer()
          .addNewVolumeMount()
          .withName("release")
          .withMountPath("/release")
          .endVolumeMount()
          .endContainer()
          .addNewVolume()
          .withName("release")
          .withNewPersistentVolumeClaim()
          .withClaimName(claim)
          .endPersistentVolumeClaim()
          .endVolume()
          .endSpec();
    }
    if (program != null) {
      pod.editSpec()
          .editFirstContainer()
          .addNewVolumeMount()
          .withName("program")
          .withMountPath("/program")
          .endVolumeMount()
          .endContainer()
          .addNewVolume()
          .withName("program")
          .withNewConfigMap()
          .withName(program)
          .endConfigMap()
          .endVolume()
          .endSpec();
    }
    // @formatter:on
    return pod.build();
  }
}
