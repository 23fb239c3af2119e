package dev.corvid.node;

import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.store.RevisionDownload;
import java.io.IOException;
import java.util.List;

/** Carries what a torrent tells from the engine's thread to the agent's mailbox. */
final class ShareListener implements TorrentListener {
  private final Share share;
  private final Mailbox mailbox;

  ShareListener(Share share, Mailbox mailbox) {
    this.share = share;
    this.mailbox = mailbox;
  }

  /** See {@code ContentSwarm.options}. */
  @Override
  public void pieceVerified(int piece) {
    RevisionDownload download = share.download();
    if (download != null && download.hasManifest() && download.mayReuse()) {
      share.pause();
      mailbox.send(new Event.ManifestHere(share));
    }
  }

  @Override
  public void pieceCorrupt(int piece, List<String> senders) {
    mailbox.send(new Event.CameCorrupt(share, piece, senders));
  }

  @Override
  public void completed() {
    mailbox.send(new Event.Completed(share));
  }

  @Override
  public void storageFailed(IOException cause) {
    mailbox.send(new Event.StorageFailed(share, cause));
  }

  @Override
  public void needNeighbours() {
    mailbox.send(new Event.NeighboursNeeded());
  }
}
