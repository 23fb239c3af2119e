package dev.corvid.wire.seeder;

import dev.corvid.wire.Require;
import dev.corvid.wire.Wire;
import dev.corvid.wire.WireException;
import dev.corvid.wire.grant.Content;
import dev.corvid.wire.grant.ReleaseName;
import dev.corvid.wire.grant.SwarmKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a seeder pod is to do: the JSON in its environment variable {@value #VARIABLE}, continued in
 * {@code CORVID_SEEDER_2} and so on, because Linux takes at most 128 KiB in one variable. The key
 * that proves its publication is apart, in {@value #KEY_VARIABLE} (base64).
 *
 * @param releaseUid uid of the SwarmRelease
 * @param release its namespace and name
 * @param sourceHash the operator's name for this source
 * @param swarmKey names the swarm in which it serves what it makes
 * @param tracker base URL
 * @param http the source
 * @param manifestDigest {@code sha256:…} of what has to come out; null when the user pinned none
 * @param files which of the files are taken; null for all
 * @param unpack how the fetched bytes become files; null for {@code Auto}
 * @param pinned what an earlier seeder already made of the source; null the first time
 * @param pieceLength bytes, that of the earlier revisions; 0 to choose by size
 * @param scratchBytes size limit of the scratch volume; a source that needs more is refused by name
 * @param egress how the source is reached; null for directly
 * @param limits how fast it may read and send until the tracker tells it others; null for no limit
 */
public record SeederTask(
    String releaseUid,
    ReleaseName release,
    String sourceHash,
    SwarmKey swarmKey,
    String tracker,
    Http http,
    @Nullable String manifestDigest,
    Files files,
    Unpack unpack,
    @Nullable Pinned pinned,
    int pieceLength,
    long scratchBytes,
    Egress egress,
    @Nullable SeederLimits limits) {
  public static final String VARIABLE = "CORVID_SEEDER";
  public static final String KEY_VARIABLE = "CORVID_PUBLICATION_KEY";

  /** The chart lets nobody set these variables. */
  private static final int MAX_VARIABLES = 8;

  private static final int MAX_VALUE = 100_000;

  /**
   * @param url the source; its suffix and file name count
   * @param mirrors of the same bytes, tried after it in this order
   * @param digest {@code sha256:…} of the fetched bytes; null when the user pinned none
   */
  public record Http(String url, List<String> mirrors, @Nullable String digest) {
    public Http {
      Require.text(url, "url", 4096);
      mirrors = Require.list(mirrors, 7, "mirrors");
      if (digest != null) {
        Require.digest(digest, "digest");
      }
    }

    /** All of them, in the order in which they are tried. */
    public List<String> urls() {
      return Stream.concat(Stream.of(url), mirrors.stream()).toList();
    }
  }

  /**
   * The administrator's rules for connections to sources.
   *
   * @param proxy {@code http://host:port}; null for none
   * @param proxyResolves whether the proxy is asked for names; else for the address that a name has
   *     here
   * @param noProxy names, suffixes and CIDRs that are fetched from without the proxy
   * @param allowedAddresses CIDRs that may be fetched from although they are loopback, link-local
   *     or a cloud's metadata service
   * @param deniedAddresses CIDRs that may not be fetched from, even if they are allowed too
   */
  public record Egress(
      @Nullable String proxy,
      boolean proxyResolves,
      List<String> noProxy,
      List<String> allowedAddresses,
      List<String> deniedAddresses) {
    static final Egress DIRECT = new Egress(null, false, List.of(), List.of(), List.of());

    public Egress {
      noProxy = Require.list(noProxy, 256, "noProxy");
      allowedAddresses = Require.list(allowedAddresses, 64, "allowedAddresses");
      deniedAddresses = Require.list(deniedAddresses, 256, "deniedAddresses");
    }
  }

  /**
   * Glob patterns of paths, as the paths are after {@link Unpack#stripComponents}.
   *
   * @param include what is taken; empty for everything
   * @param exclude what is left out of that
   */
  public record Files(List<String> include, List<String> exclude) {
    public Files {
      include = Require.list(include, 64, "include");
      exclude = Require.list(exclude, 64, "exclude");
    }
  }

  /**
   * @param format Auto, None, Tar, TarGz, TarZst, TarBz2, TarXz or Zip
   * @param stripComponents leading path components to drop
   * @param unsafeLinks what becomes of symbolic links that are absolute or lead out: Refuse or
   *     LeaveOut
   */
  public record Unpack(String format, int stripComponents, String unsafeLinks) {
    private static final String LEAVE_OUT = "LeaveOut";
    private static final Set<String> UNSAFE_LINKS = Set.of("Refuse", LEAVE_OUT);
    static final Unpack AUTO = new Unpack("Auto", 0, "Refuse");

    public Unpack {
      format = format == null ? "Auto" : format;
      Require.range(stripComponents, 0, 32, "stripComponents");
      unsafeLinks = unsafeLinks == null ? "Refuse" : unsafeLinks;
      if (!UNSAFE_LINKS.contains(unsafeLinks)) {
        throw new IllegalArgumentException("unsafeLinks is neither Refuse nor LeaveOut");
      }
    }

    public boolean leavesOutUnsafeLinks() {
      return unsafeLinks.equals(LEAVE_OUT);
    }
  }

  /** What the replacement of a seeder must come out with: the same bytes, the same revision. */
  public record Pinned(String sourceDigest, Content content) {
    public Pinned {
      Require.digest(sourceDigest, "sourceDigest");
      Require.present(content, "content");
    }
  }

  public SeederTask {
    Require.text(releaseUid, "releaseUid", 64);
    Require.present(release, "release");
    Require.text(sourceHash, "sourceHash", 160);
    Require.present(swarmKey, "swarmKey");
    Require.text(tracker, "tracker", 1024);
    Require.present(http, "http");
    if (manifestDigest != null) {
      Require.digest(manifestDigest, "manifestDigest");
    }
    files = files == null ? new Files(List.of(), List.of()) : files;
    unpack = unpack == null ? Unpack.AUTO : unpack;
    Require.range(pieceLength, 0, 1 << 24, "pieceLength");
    Require.range(scratchBytes, 0, Long.MAX_VALUE, "scratchBytes");
    egress = egress == null ? Egress.DIRECT : egress;
    limits = SeederLimits.NONE.equals(limits) ? null : limits;
  }

  /** The same with these limits. */
  public SeederTask within(SeederLimits others) {
    return new SeederTask(
        releaseUid,
        release,
        sourceHash,
        swarmKey,
        tracker,
        http,
        manifestDigest,
        files,
        unpack,
        pinned,
        pieceLength,
        scratchBytes,
        egress,
        others);
  }

  /** Whether a digest of the spec decides in the end, whatever the bytes look like. */
  public boolean hasDigest() {
    return http.digest() != null || manifestDigest != null;
  }

  /**
   * The variables that say it, in ASCII, whatever the locale of the pod; without a "$", which
   * Kubernetes takes for a reference to another variable.
   */
  public Map<String, String> environment() {
    var json = new StringBuilder();
    new String(Wire.encode(this), StandardCharsets.UTF_8)
        .chars()
        .forEach(c -> json.append(isPlain(c) ? Character.toString(c) : "\\u%04x".formatted(c)));
    var variables = new LinkedHashMap<String, String>();
    for (int from = 0; from < json.length(); from += MAX_VALUE) {
      int end = Math.min(json.length(), from + MAX_VALUE);
      variables.put(variable(variables.size() + 1), json.substring(from, end));
    }
    if (variables.size() > MAX_VARIABLES) {
      throw new IllegalArgumentException(
          "a task of %,d bytes does not fit into %d variables"
              .formatted(json.length(), MAX_VARIABLES));
    }
    return variables;
  }

  private static boolean isPlain(int character) {
    return character < 0x7f && character != '$';
  }

  /**
   * @throws WireException when it is no task
   */
  public static SeederTask of(Map<String, String> environment) throws WireException {
    var json = new StringBuilder();
    for (int number = 1; number <= MAX_VARIABLES; number++) {
      json.append(environment.getOrDefault(variable(number), ""));
    }
    return Wire.decode(json.toString().getBytes(StandardCharsets.UTF_8), SeederTask.class);
  }

  private static String variable(int number) {
    return number == 1 ? VARIABLE : VARIABLE + "_" + number;
  }
}
