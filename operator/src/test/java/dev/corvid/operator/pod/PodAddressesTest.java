package dev.corvid.operator.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodAddressesTest {
  @Test
  void othersAreToldOfOneAndAnyMayBeConnectedFrom() {
    Pod pod =
        new PodBuilder()
            .withNewStatus()
            .withPodIP("fd00:0:0::7")
            .addNewPodIP("fd00:0:0::7")
            .addNewPodIP("10.1.2.3")
            .endStatus()
            .build();

    assertThat(PodAddresses.primary(pod)).contains("fd00:0:0:0:0:0:0:7");
    assertThat(PodAddresses.all(pod)).containsExactlyInAnyOrder("fd00:0:0:0:0:0:0:7", "10.1.2.3");
  }

  @Test
  void aPodThatIsNowhereYetHasNone() {
    Pod scheduled = new PodBuilder().withNewStatus().endStatus().build();

    assertThat(PodAddresses.primary(new Pod())).isEmpty();
    assertThat(PodAddresses.all(new Pod())).isEmpty();
    assertThat(PodAddresses.primary(scheduled)).isEmpty();
    assertThat(PodAddresses.all(scheduled)).isEmpty();
  }

  @Test
  void whatIsNoAddressIsNone() {
    Pod pod = new PodBuilder().withNewStatus().withPodIP("a.example").endStatus().build();

    assertThat(PodAddresses.all(pod)).isEmpty();
  }
}
