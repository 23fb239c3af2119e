package dev.corvid.seeder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.wire.Reason;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederReport;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WebSeedStatusTest {
  private static final String DIGEST = "sha256:" + "0".repeat(64);
  private static final SeederState.Seeding SEEDING =
      new SeederState.Seeding(
          Publication.prove(
              "uid",
              "source",
              DIGEST,
              new Content(DIGEST, "0".repeat(40), 1 << 18, 1, 1),
              1,
              new byte[] {1}),
          null,
          Instant.EPOCH,
          () -> 0);

  private final SeederStatus status = new SeederStatus(6881, new FetchProgress());
  private final WebSeedStatus webSeed = new WebSeedStatus(status);

  @Test
  void reportsNoSeedingWhenTheSourceRecoversBeforeTheRevisionIsServed() {
    webSeed.failed(new SourceException(Reason.SourceUnreachable, "no"));
    webSeed.recovered();
    assertThat(status.report().state()).isEqualTo(SeederReport.State.FAILED);

    webSeed.serves(SEEDING);
    assertThat(status.report().state()).isEqualTo(SeederReport.State.SEEDING);
  }

  @Test
  void reportsSeedingAgainWhenTheSourceHasRecovered() {
    webSeed.serves(SEEDING);
    webSeed.failed(new SourceException(Reason.SourceUnreachable, "no"));
    assertThat(status.report().state()).isEqualTo(SeederReport.State.FAILED);

    webSeed.recovered();
    assertThat(status.report().state()).isEqualTo(SeederReport.State.SEEDING);
  }
}
