package dev.corvid.seeder;

import dev.corvid.bittorrent.SwarmId;
import dev.corvid.bittorrent.metainfo.InfoHash;
import dev.corvid.seeder.scratch.ScratchVolume;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.seeder.Publication;
import dev.corvid.wire.seeder.SeederTask;

/**
 * What a container is to do, and where.
 *
 * @param task from the operator
 * @param key that proves a publication
 * @param scratch the volume
 * @param bootId names the kernel's run: bytes on scratch are believed within it
 */
record SeederContext(SeederTask task, byte[] key, ScratchVolume scratch, String bootId) {

  /** The swarm in which a content is served. */
  SwarmId swarmOf(InfoHash content) {
    return SwarmId.ofHex(task.swarmKey().swarmOf(content.hex()));
  }

  /**
   * @param originBytes read from the source until now
   */
  Publication publication(String sourceDigest, Content content, long originBytes) {
    return Publication.prove(
        task.releaseUid(), task.sourceHash(), sourceDigest, content, originBytes, key);
  }
}
