package dev.corvid.seeder;

import dev.corvid.seeder.source.AdminFiles;
import dev.corvid.wire.Endpoint;
import dev.corvid.wire.seeder.SeederTask;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a seeder pod is started with.
 *
 * @param task from the environment
 * @param key that proves its publication
 * @param listen for peers
 * @param address the pod's IP, as peers reach it
 * @param node the node's name; empty if it is not known
 * @param token projected service-account token
 * @param scratch the scratch volume
 * @param secret where the release's Secret is mounted; null for none
 * @param http for probes and metrics
 * @param admin what an administrator gives to all seeders
 */
record SeederOptions(
    SeederTask task,
    byte[] key,
    Endpoint listen,
    String address,
    String node,
    Path token,
    Path scratch,
    @Nullable Path secret,
    Endpoint http,
    AdminFiles admin) {}
