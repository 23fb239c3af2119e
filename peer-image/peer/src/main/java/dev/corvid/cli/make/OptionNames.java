package dev.corvid.cli.make;

import java.util.List;

/** What a seeder says in words of a release's spec, in those of the options that stand for it. */
final class OptionNames {
  private record Name(String inSpec, String option) {}

  /** In this order: some begin others. */
  private static final List<Name> FIELDS =
      List.of(
          new Name("spec.source.files.", "--"),
          new Name("spec.source.unpack.format: ", "--format "),
          new Name("spec.source.unpack.format", "--format"),
          new Name("spec.source.unpack.stripComponents", "--strip-components"),
          new Name("spec.source.unpack.unsafeLinks: ", "--unsafe-links "),
          new Name("stripComponents", "--strip-components"),
          new Name("unsafeLinks", "--unsafe-links"));

  private OptionNames() {}

  static String of(String message) {
    var words = message;
    for (var field : FIELDS) {
      words = words.replace(field.inSpec(), field.option());
    }
    return words;
  }

  /** Where no archive is. */
  static String ofDirectory(String message) {
    return message
        .replace("the archive's entry", "the directory's entry")
        .replace("the archive ", "the directory ")
        .replace(", or pack it otherwise", "");
  }
}
