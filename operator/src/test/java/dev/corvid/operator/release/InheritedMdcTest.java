package dev.corvid.operator.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class InheritedMdcTest {
  private static final String EVENT = "eventsource.event.resource.name";

  @AfterEach
  void clear() {
    MDC.clear();
  }

  @Test
  void theEventOfAnotherThreadIsForgotten() {
    MDC.put(EVENT, "of another release");
    MDC.put("resource.name", "model");
    var seen = new CompletableFuture<String>();
    Thread.ofPlatform()
        .start(
            () -> {
              InheritedMdc.begin();
              seen.complete(MDC.get(EVENT));
            });

    InheritedMdc.begin();

    assertThat(seen.join()).isNull();
    assertThat(MDC.get(EVENT)).isNull();
    assertThat(MDC.get("resource.name")).isEqualTo("model");
  }
}
