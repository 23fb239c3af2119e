package dev.corvid.cli.make;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.corvid.seeder.unpack.ContentDigest;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** How the names of some content are printed. The fields are called as in a release. */
enum DigestOutput {
  /** A line for each; possible mistakes on standard error. */
  TEXT {
    @Override
    void print(ContentDigest.Result result) {
      System.out.println("manifestDigest: " + result.manifestDigest());
      System.out.println("revision: " + result.revision());
      if (result.sourceDigest() != null) {
        System.out.println("http.digest: " + result.sourceDigest());
      }
      System.out.println("sizeBytes: " + result.sizeBytes());
      System.out.println("fileCount: " + result.fileCount());
      if (result.note() != null) {
        System.err.println(OptionNames.of(result.note()));
      }
    }
  },

  /** One object. */
  JSON {
    @Override
    void print(ContentDigest.Result result) throws IOException {
      var text = new StringWriter();
      try (var json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        json.writeStringField("manifestDigest", result.manifestDigest());
        json.writeStringField("revision", result.revision());
        writeHttp(json, result.sourceDigest());
        json.writeNumberField("sizeBytes", result.sizeBytes());
        json.writeNumberField("fileCount", result.fileCount());
        if (result.note() != null) {
          json.writeStringField("note", OptionNames.of(result.note()));
        }
        json.writeEndObject();
      }
      System.out.println(text);
    }
  };

  abstract void print(ContentDigest.Result result) throws IOException;

  private static void writeHttp(JsonGenerator json, @Nullable String digest) throws IOException {
    if (digest != null) {
      json.writeObjectFieldStart("http");
      json.writeStringField("digest", digest);
      json.writeEndObject();
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
