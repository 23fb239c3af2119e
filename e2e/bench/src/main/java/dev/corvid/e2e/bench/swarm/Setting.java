package dev.corvid.e2e.bench.swarm;

import dev.corvid.e2e.bench.network.Network;
import dev.corvid.e2e.bench.program.Corvid;
import dev.corvid.e2e.bench.program.Tools;
import java.nio.file.Path;

/**
 * What a run needs of the bench.
 *
 * @param work empty; downloads go there
 */
public record Setting(Network network, Corvid corvid, Tools tools, Goodput goodput, Path work) {}
