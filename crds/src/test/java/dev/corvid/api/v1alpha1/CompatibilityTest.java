package dev.corvid.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which a schema can refuse or change what it took, and those in which it cannot. */
class CompatibilityTest {
  private static final String CRD =
      """
      spec:
        group: corvid.dev
        names: {kind: K, plural: ks, singular: k, shortNames: [x, y]}
        scope: Namespaced
        versions:
          - name: v1
            served: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  a: {type: string, maxLength: 9, minLength: 1, enum: [p, q], default: p}
                  b: {type: integer, maximum: 9.0, minimum: 1.0, format: int64}
                  c: {type: array, maxItems: 3, items: {type: object, properties: {d: {type: string}}}}
                  e: {type: object, maxProperties: 3, additionalProperties: {type: string, maxLength: 5}}
                  f: {type: string, pattern: ^a$}
                  g: {type: string}
                required: [a]
                x-kubernetes-validations: [{rule: self.a != self.f, message: m}]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          , format: int64}               | }                                      | nothing
          g: {type: string}              | h: {type: string}                      | g: removed
          d: {type: string}              | {}                                     | c[].d: removed
          required: [a]                  | required: [a, g]                       | g: is required now
          g: {type: string}              | g: {type: integer}                     | g: type was "string", is "integer"
          format: int64                  | format: int32                          | b: format was "int64", is "int32"
          maxLength: 9                   | maxLength: 8                           | a: maxLength was 9, is 8
          maxLength: 5                   | maxLength: 4                           | e{}: maxLength was 5, is 4
          minLength: 1                   | minLength: 2                           | a: minLength was 1, is 2
          maximum: 9.0                   | maximum: 8                             | b: maximum was 9.0, is 8
          minimum: 1.0                   | minimum: 1.5                           | b: minimum was 1.0, is 1.5
          maxItems: 3                    | maxItems: 2                            | c: maxItems was 3, is 2
          maxProperties: 3               | maxProperties: 2                       | e: maxProperties was 3, is 2
          g: {type: string}              | g: {type: string, maxLength: 5}        | g: maxLength was none, is 5
          g: {type: string}              | g: {type: string, minLength: 0}        | g: minLength was none, is 0
          enum: [p, q]                   | enum: [p]                              | a: enum lost q
          g: {type: string}              | g: {type: string, enum: [z]}           | g: enum is new
          g: {type: string}              | g: {type: string, pattern: b}          | g: pattern was none, is "b"
          pattern: ^a$                   | pattern: ^a+$                          | f: pattern was "^a$", is "^a+$"
          default: p                     | default: q                             | a: default was "p", is "q"
          , default: p}                  | }                                      | a: default was "p", is none
          g: {type: string}              | g: {type: string, default: z}          | g: default was none, is "z"
          self.a != self.f               | self.a != self.g                       | the object: new rule self.a != self.g
          g: {type: string}              | g: {type: string, x-kubernetes-validations: [{rule: r}]} | g: new rule r
          maxItems: 3                    | maxItems: 3, x-kubernetes-list-type: set | c: x-kubernetes-list-type was none, is "set"
          g: {type: string}              | g: {type: string, nullable: true}      | g: nullable was none, is true
          g: {type: string}              | g: {type: string, later: 1}            | g: later was none, is 1
          name: v1                       | name: v2                               | v1: no longer served
          served: true                   | served: false                          | v1: no longer served
          subresources: {status: {}}     | subresources: {}                       | v1: subresource status removed
          scope: Namespaced              | scope: Cluster                         | scope: scope was "Namespaced", is "Cluster"
          kind: K                        | kind: L                                | names: kind was "K", is "L"
          shortNames: [x, y]             | shortNames: [y]                        | names.shortNames: x removed
          """)
  void whatNarrowsIsNamed(String from, String to, String change) {
    assertThat(CRD).contains(from);
    String changed = CRD.replace(from, to.equals("{}") ? "" : to);

    assertThat(text(changed)).isEqualTo(change.equals("nothing") ? "" : change);
  }

  @Test
  void whatWidensIsNot() {
    String wider =
        CRD.replace("maxLength: 9", "maxLength: 10")
            .replace("minLength: 1", "minLength: 0")
            .replace("maximum: 9.0, minimum: 1.0", "maximum: 10, minimum: 0")
            .replace("maxItems: 3, ", "")
            .replace("enum: [p, q]", "enum: [p, q, r]")
            .replace(", pattern: ^a$", "")
            .replace("required: [a]", "required: []")
            .replace(
                "d: {type: string}", "d: {type: string, description: Text.}, n: {type: integer}")
            .replace("[{rule: self.a != self.f, message: m}]", "[]")
            .replace("shortNames: [x, y]", "shortNames: [x, y, z], categories: [c]")
            .replace("g: {type: string}", "g: {type: string}\n            new: {type: string}");

    assertThat(text(wider)).isEmpty();
  }

  /** The other direction of each of these is a change, and so is a new rule with an old message. */
  @Test
  void aRuleIsComparedByWhatItDoes() {
    assertThat(text(CRD.replace("message: m", "message: n"))).isEmpty();
  }

  private static String text(String changed) {
    return Compatibility.between(CRD, changed).stream()
        .map(Compatibility.Change::toString)
        .collect(Collectors.joining("; "));
  }
}
