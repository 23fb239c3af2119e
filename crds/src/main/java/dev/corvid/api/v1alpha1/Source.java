package dev.corvid.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the content comes from: exactly one kind. */
// A kind that is added later joins the list: what is valid now stays valid.
@ValidationRule(
    value = "[has(self.http)].exists_one(kind, kind)",
    message = "exactly one kind of source must be set: write source.http.url",
    fieldPath = ".http",
    reason = "FieldValueRequired")
@ValidationRule(
    value = "!has(self.manifestDigest) || self.manifestDigest.matches('^sha256:[0-9a-f]{64}$')",
    message =
        "manifestDigest must be sha256: followed by 64 lower-case hex digits, as"
            + " status.source.manifestDigest has it",
    fieldPath = ".manifestDigest")
public record Source(
    @JsonPropertyDescription("An archive or a file on HTTP servers.") Http http,
    @Size(max = 128)
        @JsonPropertyDescription(
            "SHA-256 of the manifest, as sha256:<64 hex digits>: the content itself, as in"
                + " status.source.manifestDigest, wherever it is fetched from and however it is"
                + " packed. Every node verifies it; nothing else is placed. A revision with this"
                + " digest that is in status.history becomes active again without a download.")
        @Nullable String manifestDigest,
    @JsonPropertyDescription(
            "A Secret of this namespace. Its type does not matter. Its keys are: username and"
                + " password; token; tls.crt and tls.key, a client certificate; header.<Name>."
                + " With any of these the key hosts is required: the only hosts that they are"
                + " sent to, separated by blanks or commas. h is https://h, h:8443 is"
                + " https://h:8443; to send them in clear text, write http://h:8080. The key"
                + " ca.crt, which needs no hosts, contains authorities that are trusted in"
                + " addition to the public ones.")
        @Nullable SecretRef secretRef,
    @JsonPropertyDescription("Which files of the source are released.") Files files,
    @JsonPropertyDescription("How the fetched bytes become files.") Unpack unpack) {

  /** In CEL, of a glob pattern p. */
  private static final String CAN_MATCH =
      "p.matches(r'^([^[{\\\\]|\\[[^/\\\\][^]/\\\\]*\\]|\\{[^{}\\\\]*\\})+$')"
          + " && !p.matches(r'^!|^/?/?$|//|(^|/)[.][.]?(/|$)')";

  private static final String HOW_TO_MATCH =
      "write names, or paths from the top, with *, **, ?, [ab] and {a,b}; close every bracket; no !"
          + " at the beginning, no backslash, no part that is empty, . or ..";

  /** An archive or a file on HTTP servers. */
  @ValidationRule(
      value = "self.url.matches(" + Http.FORM + ")",
      message =
          "url must be http:// or https:// with a host, without a user name, blanks or control"
              + " characters; credentials belong in the Secret that secretRef names",
      fieldPath = ".url")
  @ValidationRule(
      value = "!has(self.mirrors) || self.mirrors.all(mirror, mirror.matches(" + Http.FORM + "))",
      message =
          "every mirror must be http:// or https:// with a host, without a user name, blanks or"
              + " control characters; credentials belong in the Secret that secretRef names",
      fieldPath = ".mirrors")
  @ValidationRule(
      value = "!has(self.digest) || self.digest.matches('^sha256:[0-9a-f]{64}$')",
      message =
          "digest must be sha256: followed by 64 lower-case hex digits, as sha256sum prints them",
      fieldPath = ".digest")
  public record Http(
      @Required
          @Size(max = 2048)
          @JsonPropertyDescription(
              "The archive or the file, http or https. Its suffix determines the format, and the"
                  + " name of a single file is its last part. A changed URL is fetched, unless a"
                  + " digest is pinned. Credentials belong in the Secret, not in the URL.")
          String url,
      @Size(max = 7)
          @JsonPropertyDescription(
              "Other URLs of the same bytes, http or https; tried in this order after url."
                  + " Mirrors are not part of the revision's identity: once it is fetched,"
                  + " adding, removing or reordering them fetches nothing again.")
          List<String> mirrors,
      @Size(max = 128)
          @JsonPropertyDescription(
              "SHA-256 of the fetched bytes, as sha256:<64 hex digits>. Only the seeder checks"
                  + " it: anyone who may create pods in this namespace can bypass it. If that"
                  + " matters, pin manifestDigest, which every node verifies. If neither is set,"
                  + " the digest of the first fetch is recorded and kept.")
          @Nullable String digest) {
    /** One label of a host, of any script; the seeder knows what IDNA makes of it. */
    private static final String LABEL = "[^@/?#\\\\s\\\\p{Cc}\\\\\\\\:.%<>^{|}\\\\[\\\\]]+";

    private static final String IPV6 = "\\\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[0-9A-Za-z._~-]+)?\\\\]";

    /** Up to 65535, and not 0. */
    private static final String PORT =
        "0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static final String FORM =
        "'^(?i:https?)://("
            + LABEL
            + "([.]"
            + LABEL
            + ")*[.]?|"
            + IPV6
            + ")(:("
            + PORT
            + ")?)?([/?#][^\\\\s\\\\p{Cc}]*)?$'";

    public Http {
      mirrors = mirrors == null ? List.of() : List.copyOf(mirrors);
    }
  }

  /** A Secret of the release's namespace. */
  @ValidationRule(
      value =
          "self.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')",
      message =
          "name must be that of a Secret: lower-case letters, digits, - and ., without a namespace,"
              + " because it is always the release's",
      fieldPath = ".name")
  public record SecretRef(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Name of the Secret; it is mounted into the seeder only.")
          String name) {}

  /** Which files are taken. */
  @ValidationRule(
      value = "!has(self.include) || self.include.all(p, " + CAN_MATCH + ")",
      message = "a pattern of include can match nothing: " + HOW_TO_MATCH,
      fieldPath = ".include")
  @ValidationRule(
      value = "!has(self.exclude) || self.exclude.all(p, " + CAN_MATCH + ")",
      message = "a pattern of exclude can match nothing: " + HOW_TO_MATCH,
      fieldPath = ".exclude")
  public record Files(
      @Size(max = 32)
          @JsonPropertyDescription(
              "Glob patterns of the paths that are taken, with all that is below them; empty for"
                  + " everything. Paths are matched as they are after stripComponents: *, ? and [ab]"
                  + " match within a name, ** between slashes any directories, {a,b} either. Without a"
                  + " slash, a pattern matches a name at any depth. One that can match nothing is"
                  + " refused; one that matched nothing is reported in status.source.note, and if"
                  + " nothing at all is taken, the source is refused.")
          List<String> include,
      @Size(max = 32)
          @JsonPropertyDescription(
              "Patterns of the same kind, of paths that are left out, with all that is below them,"
                  + " even where include takes them.")
          List<String> exclude) {
    public Files {
      include = include == null ? List.of() : List.copyOf(include);
      exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }
  }

  /** How the fetched bytes become files. */
  @ValidationRule(
      value =
          "!has(self.format) || self.format != 'None' ||"
              + " !has(self.stripComponents) || self.stripComponents == 0",
      message =
          "stripComponents is about the entries of an archive; with format: None there is one file,"
              + " whose path has nothing to drop: remove it")
  @ValidationRule(
      value =
          "!has(self.format) || self.format != 'None' ||"
              + " !has(self.unsafeLinks) || self.unsafeLinks == 'Refuse'",
      message =
          "unsafeLinks is about the links in an archive; with format: None there is one file and no"
              + " link: remove it")
  public record Unpack(
      @Default("Auto")
          @JsonPropertyDescription(
              "Auto (default) decides by the URL's suffix (.tar .tar.gz .tgz .taz .tar.zst .tzst"
                  + " .tar.bz2 .tbz2 .tbz .tb2 .tar.xz .txz .zip), never by the content; other"
                  + " archives (.7z .rar .lz4) are refused, and any other suffix is None: one"
                  + " file, as it is. If only the query, a redirect or Content-Disposition names"
                  + " an archive, set format.")
          Format format,
      @Default("0")
          @Min(0)
          @Max(32)
          @JsonPropertyDescription(
              "Leading path components that are dropped, 0 to 32, default 0, as tar does: the dot of"
                  + " ./a is one. Archives only.")
          Integer stripComponents,
      @Default("Refuse")
          @JsonPropertyDescription(
              "What happens to symbolic links that are absolute, or that may lead out of the"
                  + " content by themselves or through another link: Refuse (default) refuses"
                  + " the archive, LeaveOut leaves these links out, and status.source.note names"
                  + " them. Virtual environments, conda and toolchains have such links. Hard"
                  + " links that lead out are always refused. Archives only.")
          UnsafeLinks unsafeLinks) {
    public Unpack {
      format = format == null ? Format.Auto : format;
      stripComponents = stripComponents == null ? 0 : stripComponents;
      unsafeLinks = unsafeLinks == null ? UnsafeLinks.Refuse : unsafeLinks;
    }
  }

  /** What becomes of links that are absolute or lead out. */
  public enum UnsafeLinks {
    Refuse,
    LeaveOut
  }

  /** What the fetched bytes are. */
  public enum Format {
    Auto,
    None,
    Tar,
    TarGz,
    TarZst,
    TarBz2,
    TarXz,
    Zip
  }

  public Source {
    files = files == null ? new Files(List.of(), List.of()) : files;
    unpack = unpack == null ? new Unpack(Format.Auto, 0, UnsafeLinks.Refuse) : unpack;
  }
}
