package dev.corvid.seeder;

import dev.corvid.bittorrent.TorrentOptions;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.bittorrent.metainfo.Metainfo;
import dev.corvid.bittorrent.swarm.Swarm;
import dev.corvid.seeder.error.RangeUnavailableException;
import dev.corvid.seeder.error.SourceException;
import dev.corvid.seeder.fetch.FetchProgress;
import dev.corvid.seeder.fetch.PinnedFile;
import dev.corvid.seeder.fetch.SeederLog;
import dev.corvid.seeder.fetch.SourceFactory;
import dev.corvid.seeder.fetch.SourceWebSeed;
import dev.corvid.seeder.scratch.ScratchBudget;
import dev.corvid.seeder.scratch.ScratchFailure;
import dev.corvid.store.FileDownload;
import dev.corvid.store.StoreOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * The other way to a revision, for the replacement of a seeder whose source is a single file: what
 * the file has been published as is known, and so each of its pieces can be verified and served as
 * soon as it is here. The nodes give the metainfo and what they have; the source is asked for
 * ranges, first of all for what no node has. Publishes before the first byte.
 */
final class PiecewiseFetch {
  private static final Logger log = Logger.getLogger(PiecewiseFetch.class.getName());

  private final SeederContext context;
  private final SourceFactory sources;
  private final PublishedMetainfo published;
  private final FetchProgress progress;
  private final SeederStatus status;
  private final Swarm swarm;
  private final SeederLog events;

  PiecewiseFetch(
      SeederContext context,
      SourceFactory sources,
      PublishedMetainfo published,
      FetchProgress progress,
      SeederStatus status,
      Swarm swarm) {
    this.context = context;
    this.sources = sources;
    this.published = published;
    this.progress = progress;
    this.status = status;
    this.swarm = swarm;
    this.events = new SeederLog(context.task());
  }

  /**
   * One attempt. Pieces that are here stay for the next one.
   *
   * @return the whole revision in the swarm; empty when the source has to be fetched whole
   */
  Optional<SeedingTorrent> run() throws SourceException, InterruptedException {
    var scratch = context.scratch();
    var file = PinnedFile.of(context.task(), sources.firstUrl());
    if (file.isEmpty() || scratch.hasSource()) {
      return Optional.empty();
    }
    var infoHash = InfoHash.ofHex(file.get().content().infoHash());
    var found = published.find(context.swarmOf(infoHash), infoHash);
    if (found.isEmpty() || !file.get().isIn(found.get().metainfo())) {
      return Optional.empty();
    }
    try {
      return Optional.of(serve(file.get(), found.get().metainfo(), found.get().nodes()));
    } catch (RangeUnavailableException e) {
      log.info("all of the source is fetched, because " + e.getMessage());
      status.fetching();
      return Optional.empty();
    } catch (SourceException e) {
      throw e;
    } catch (IOException e) {
      throw ScratchFailure.of(e);
    }
  }

  private SeedingTorrent serve(PinnedFile file, Metainfo metainfo, List<InetSocketAddress> nodes)
      throws IOException, InterruptedException {
    var budget = new ScratchBudget(context.task().scratchBytes());
    long bytes =
        ScratchBudget.onDisk(file.length())
            + ScratchBudget.onDisk(file.manifest().length)
            + ScratchBudget.onDisk(metainfo.infoBytes().remaining());
    budget.require(bytes, bytes);
    progress.total(file.length());
    var storage =
        FileDownload.open(
            metainfo,
            context.scratch().pieces(),
            new StoreOptions(Clock.systemUTC(), context.bootId()));
    var webSeedStatus = new WebSeedStatus(status);
    var source = new SourceWebSeed(file, sources, progress, webSeedStatus);
    var torrent =
        SeedingTorrent.begin(
            swarm,
            context.swarmOf(metainfo.infoHash()),
            metainfo,
            storage,
            TorrentOptions.defaults().withSuperSeed(true).withWebSeeds(List.of(source)));
    boolean whole = false;
    try (source) {
      events.asks(sources.firstUrl());
      events.published(file.content());
      webSeedStatus.serves(
          SeederState.Seeding.of(
              context.publication(file.sourceDigest(), file.content(), progress.bytes()),
              null,
              torrent));
      torrent.torrent().addNeighbours(nodes);
      torrent.awaitWhole(source.useless());
      storage.finish();
      keep(file, metainfo);
      whole = true;
      return torrent;
    } finally {
      if (!whole) {
        torrent.close();
      }
    }
  }

  /** From here on it is a revision like any other, also for the next container. */
  private void keep(PinnedFile file, Metainfo metainfo) throws SourceException {
    context.scratch().adoptPieces(metainfo.name());
    RevisionRecord.write(
        context,
        new SeededRevision(metainfo, file.content(), file.sourceDigest(), progress.bytes(), null));
  }
}
