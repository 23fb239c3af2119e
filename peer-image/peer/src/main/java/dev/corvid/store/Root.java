package dev.corvid.store;

import dev.corvid.lifecycle.OpenParts;
import dev.corvid.store.disk.Directory;
import dev.corvid.store.disk.DiskError;
import dev.corvid.store.disk.OpenFileCache;
import dev.corvid.store.disk.SecureDirectory;
import dev.corvid.store.disk.Trash;
import dev.corvid.store.error.StoreException;
import dev.corvid.store.piece.StoreExecutors;
import dev.corvid.store.quota.DiskQuota;
import dev.corvid.store.quota.Footprint;
import dev.corvid.store.quota.RootUsage;
import dev.corvid.store.state.ReleaseState;
import dev.corvid.store.state.StateStore;
import dev.corvid.store.state.StoredRevision;
import dev.corvid.wire.Reason;
import dev.corvid.wire.config.Roots;
import dev.corvid.wire.grant.ReleaseName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * One of the directories that the cluster's admin configured, with all releases in it. Thread-safe.
 *
 * <p>Guarantees about paths: below the root Corvid never follows a link, whether it reads, renames
 * or deletes; names in the content are checked before they are used; and unverified data is below
 * {@code .corvid}, which no other user may enter. Another process of uid 0 on the node that can
 * write to the root can destroy its content, but not make Corvid leave it. A root that other users
 * may write to is not opened.
 */
public final class Root implements Closeable {
  private static final String PRIVATE = ".corvid";
  private static final int PRIVATE_MODE = 0700;
  private static final String RUNNING = "running";

  private final RootContext context;
  private final Directory own;
  private final OpenParts parts;
  private final OtherReleases others = new Others();
  private final Map<String, Release> releases = new ConcurrentSkipListMap<>();

  private Root(RootContext context, Directory own, OpenParts parts) {
    this.context = context;
    this.own = own;
    this.parts = parts;
  }

  /**
   * Opens the root, finishes or undoes what an earlier process left half done, and removes what no
   * state record names.
   *
   * @param directory where the root is mounted
   * @throws StoreException {@code RootNotWritable}, with what is wrong with it
   */
  public static Root open(Roots.Root config, Path directory, StoreOptions options)
      throws StoreException {
    try {
      return open(config, SecureDirectory.open(directory), options, StoreExecutors.threads());
    } catch (IOException e) {
      throw DiskError.of("cannot open root " + config.name() + " at " + directory, e);
    }
  }

  static Root open(Roots.Root config, Directory top, StoreOptions options, StoreExecutors executors)
      throws IOException {
    var parts = new OpenParts();
    parts.add("root", top);
    try {
      return open(config, top, options, executors, parts);
    } catch (IOException | RuntimeException e) {
      parts.closeAfter(e); // above all the lock, or no later attempt would succeed
      throw e;
    }
  }

  private static Root open(
      Roots.Root config,
      Directory top,
      StoreOptions options,
      StoreExecutors executors,
      OpenParts parts)
      throws IOException {
    RootRequirements.requireNames();
    RootRequirements.requirePrivate(top, config.hostPath(), config.name());
    var own = parts.add("directory of Corvid", top.make(PRIVATE));
    top.mode(PRIVATE, PRIVATE_MODE);
    RootRequirements.requirePrivate(own, config.hostPath() + "/" + PRIVATE, config.name());
    var lock = own.lock("lock");
    if (lock.isEmpty()) {
      throw new StoreException(
          Reason.RootNotWritable,
          "another process works in " + top + "; it is tried again when that one has ended");
    }
    parts.add("lock", lock.get());
    var staging = parts.add("staging", own.make("staging"));
    var states = new StateStore(parts.add("records", own.make("state")));
    var trash = parts.add("trash", new Trash(own.make("trash"), executors.disk()));
    own.sync();
    RootRequirements.requireRenames(top, staging, trash);
    var context =
        new RootContext(
            config,
            options,
            executors,
            new RootContext.Directories(top, staging, trash),
            states,
            new DiskQuota(config, top),
            new OpenFileCache(OpenFileCache.LIMIT));
    var root = new Root(context, own, parts);
    root.recover();
    return root;
  }

  public Roots.Root config() {
    return context.config();
  }

  /** Every release that this node remembers here, also those whose removal was obeyed. */
  public List<Release> releases() {
    return List.copyOf(releases.values());
  }

  /**
   * The release of that name. One that is new here is not remembered before {@link Release#obey}.
   *
   * @throws StoreException if its record is there and cannot be read
   */
  public Release release(ReleaseName name) throws StoreException {
    var known = releases.get(name.toString());
    if (known != null) {
      return known;
    }
    try {
      if (context.states().has(name)) {
        throw new StoreException(
            Reason.ForeignContent,
            "the record of " + name + " in " + own + "/state cannot be read; restore or delete it");
      }
    } catch (IOException e) {
      throw DiskError.of("cannot look for " + name, e);
    }
    return releases.computeIfAbsent(
        name.toString(), key -> new Release(context, others, ReleaseState.unknown(name)));
  }

  /** How full it is now. */
  public RootUsage usage() throws StoreException {
    return context
        .quota()
        .usage(
            releases.values().stream()
                .map(each -> each.state().disk())
                .reduce(Footprint.NOTHING, Footprint::plus));
  }

  /** Lets another process open the root. Close downloads and storages first. */
  @Override
  public void close() throws IOException {
    parts.add("record that it runs", () -> own.deleteIfPresent(RUNNING));
    parts.close();
  }

  DiskQuota quota() {
    return context.quota();
  }

  OtherReleases others() {
    return others;
  }

  private void recover() throws IOException {
    var endedWithoutWarning = own.find(RUNNING).isPresent();
    var states = context.states();
    var staging = context.directories().staging();
    var trash = context.directories().trash();
    var all = states.readAll();
    Set<String> named = new HashSet<>();
    Set<String> staged = new HashSet<>();
    for (var each : all.states()) {
      var release = new Release(context, others, each);
      release.recover();
      if (endedWithoutWarning) {
        release.integrity().suspect();
      }
      releases.put(each.release().toString(), release);
      for (var stored : release.state().revisions()) {
        var id = Staging.id(each.release(), stored.content());
        named.add(id);
        if (stored.phase() != StoredRevision.Phase.HELD) {
          staged.add(id);
        }
      }
    }
    if (all.complete()) {
      for (var name : staging.names()) {
        if (!staged.contains(name)) {
          trash.take(staging, name);
        }
      }
      states.sweep(named);
    }
    states.keepSpare();
    own.write(RUNNING).close();
    own.sync();
    trash.empty();
  }

  private final class Others implements OtherReleases {
    @Override
    public DiskQuota.Used used(ReleaseState release, String manifestDigest) {
      var all = Footprint.NOTHING;
      var own = Footprint.NOTHING;
      for (var each : releases.values()) {
        var state = each.state();
        var disk =
            state.release().equals(release.release())
                ? state.diskBeside(manifestDigest)
                : state.disk();
        all = all.plus(disk);
        own = state.isOfAnotherNamespace(release) ? own : own.plus(disk);
      }
      return new DiskQuota.Used(all, own);
    }

    @Override
    public List<Revision> reusableFor(ReleaseState into) throws IOException {
      List<Revision> reusable = new ArrayList<>();
      for (var each : releases.values()) {
        if (!each.state().release().equals(into.release()) && mayReuse(each.state(), into)) {
          reusable.addAll(each.placed());
        }
      }
      return reusable;
    }

    @Override
    public boolean hasReusableFor(ReleaseState into) {
      return releases.values().stream()
          .map(Release::state)
          .anyMatch(each -> mayReuse(each, into) && !each.placedNames().isEmpty());
    }

    private boolean mayReuse(ReleaseState from, ReleaseState into) {
      return config().sharing() == Roots.Root.Sharing.ROOT || !from.isOfAnotherNamespace(into);
    }
  }
}
