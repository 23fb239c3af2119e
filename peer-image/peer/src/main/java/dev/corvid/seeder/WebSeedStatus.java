package dev.corvid.seeder;

import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.SourceWebSeed;
import org.jspecify.annotations.Nullable;

/**
 * Reports that a revision is served while its pieces come from the source, unless the source is in
 * trouble and pieces may be missing. Thread-safe.
 */
final class WebSeedStatus implements SourceWebSeed.Listener {
  private final SeederStatus status;
  private volatile SeederState.@Nullable Seeding served;

  WebSeedStatus(SeederStatus status) {
    this.status = status;
  }

  /** The nodes can have it from here. */
  void serves(SeederState.Seeding seeding) {
    served = seeding;
    status.seeding(seeding);
  }

  @Override
  public void failed(SourceException trouble) {
    status.failed(trouble);
  }

  @Override
  public void recovered() {
    SeederState.Seeding seeding = served;
    if (seeding != null) { // else serves() reports it
      status.seeding(seeding);
    }
  }
}
