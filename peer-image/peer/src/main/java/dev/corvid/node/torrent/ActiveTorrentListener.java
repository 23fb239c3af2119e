package dev.corvid.node.torrent;

import dev.corvid.bittorrent.TorrentListener;
import dev.corvid.store.RevisionDownload;
import java.io.IOException;
import java.util.List;

/** Carries what a torrent tells from the engine's thread to the agent's mailbox. */
public final class ActiveTorrentListener implements TorrentListener {
  private final ActiveTorrent activeTorrent;
  private final Mailbox mailbox;

  public ActiveTorrentListener(ActiveTorrent activeTorrent, Mailbox mailbox) {
    this.activeTorrent = activeTorrent;
    this.mailbox = mailbox;
  }

  /** See {@code ContentSwarm.options}. */
  @Override
  public void pieceVerified(int piece) {
    RevisionDownload download = activeTorrent.download();
    if (download != null && download.hasManifest() && download.mayReuse()) {
      activeTorrent.pause();
      mailbox.send(new Event.ManifestHere(activeTorrent));
    }
  }

  @Override
  public void pieceCorrupt(int piece, List<String> senders) {
    mailbox.send(new Event.CorruptPiece(activeTorrent, piece, senders));
  }

  @Override
  public void completed() {
    mailbox.send(new Event.Completed(activeTorrent));
  }

  @Override
  public void storageFailed(IOException cause) {
    mailbox.send(new Event.StorageFailed(activeTorrent, cause));
  }

  @Override
  public void needNeighbours() {
    mailbox.send(new Event.NeighboursNeeded());
  }
}
