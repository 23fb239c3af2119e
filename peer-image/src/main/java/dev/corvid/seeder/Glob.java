package dev.corvid.seeder;

import java.util.regex.Pattern;

/**
 * A pattern of what is left out of a release or a torrent: {@code *} and {@code ?} match within a
 * component, {@code **} across them. A pattern without a slash matches a name at any depth, as in a
 * .gitignore file; with one, the path from the top. What is below a match is left out too.
 */
public record Glob(Pattern pattern) {
  public static Glob of(String text) {
    var anchored = text.startsWith("/") ? text.substring(1) : text;
    var bare = anchored.endsWith("/") ? anchored.substring(0, anchored.length() - 1) : anchored;
    var regex =
        new StringBuilder(
            text.indexOf('/') >= 0 && text.indexOf('/') < text.length() - 1 ? "" : "(?:.*/)?");
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (c == '*' && bare.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (c == '*' && bare.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return new Glob(Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  public boolean matches(String path) {
    return pattern.matcher(path).matches();
  }
}
