{{- /* What an administrator adds to the pods of a component: {labels, annotations, env, javaOptions}.
     Given (dict "root" $ "component" "peer" "own" (names of the variables that Corvid sets)). */}}
{{- define "corvid.additions" -}}
{{- $values := get .root.Values .component }}
{{- $pods := .root.Values.pods }}
{{- $labels := merge (dict) ($values.podLabels | default dict) ($pods.labels | default dict) }}
{{- range $key, $_ := $labels }}
{{- include "corvid.checkKey" (dict "at" (printf "pods.labels or %s.podLabels" $.component) "key" $key) }}
{{- if regexMatch "^(app\\.kubernetes\\.io|corvid\\.dev|helm\\.sh)/" $key }}
{{- fail (printf "the label %s is Corvid's own: leave it out of pods.labels and %s.podLabels" $key $.component) }}
{{- end }}
{{- end }}
{{- $annotations := merge (dict) ($values.podAnnotations | default dict) ($pods.annotations | default dict) }}
{{- range $key, $_ := $annotations }}
{{- include "corvid.checkKey" (dict "at" (printf "pods.annotations or %s.podAnnotations" $.component) "key" $key) }}
{{- if hasPrefix "corvid.dev/" $key }}
{{- fail (printf "the annotation %s is Corvid's own: leave it out of pods.annotations and %s.podAnnotations" $key $.component) }}
{{- end }}
{{- end }}
{{- $names := list }}
{{- $env := list }}
{{- range concat ($values.env | default list) ($pods.env | default list) }}
{{- if has .name $.own }}
{{- fail (printf "the variable %s is Corvid's own: leave it out of pods.env and %s.env" .name $.component) }}
{{- end }}
{{- if has .name (list "JDK_JAVA_OPTIONS" "JAVA_TOOL_OPTIONS" "_JAVA_OPTIONS") }}
{{- fail (printf "the variable %s makes Java begin the log with a line that is not JSON: write the options into %s.javaOptions, and leave it out of pods.env and %s.env" .name $.component $.component) }}
{{- end }}
{{- if not (has .name $names) }}
{{- $names = append $names .name }}
{{- $env = append $env . }}
{{- end }}
{{- end }}
{{- range $values.javaOptions }}
{{- $takesAnother := "add-(opens|exports|reads|modules)|limit-modules|patch-module|enable-native-access|(upgrade-)?module-path|p|cp|class-?path" }}
{{- $otherProgram := "jar|m|(module|source)(=.*)?" }}
{{- $onlyTells := "d|describe-module(=.*)?|list-modules|dry-run|validate-modules|(full-?)?version|h|help(-extra)?|\\?|X(internalversion|log:help|share:dump|X:\\+PrintFlagsInitial)?" }}
{{- if regexMatch (printf "^--?(%s|%s|%s)$" $takesAnother $otherProgram $onlyTells) . }}
{{- fail (printf "%s.javaOptions has %s, with which Java does not run the program: give only options for a program that runs, each in one word with its argument, such as --add-opens=java.base/java.lang=ALL-UNNAMED" $.component .) }}
{{- end }}
{{- end }}
{{- dict "labels" $labels "annotations" $annotations "env" $env "javaOptions" ($values.javaOptions | default list) | toJson }}
{{- end }}

{{- define "corvid.operatorAdditions" -}}
{{ include "corvid.additions" (dict "root" . "component" "operator" "own" (list "POD_NAME" "POD_NAMESPACE")) }}
{{- end }}
{{- define "corvid.peerAdditions" -}}
{{ include "corvid.additions" (dict "root" . "component" "peer" "own" (list "NODE_NAME" "NODE_IP" "POD_IP")) }}
{{- end }}
{{- define "corvid.trackerAdditions" -}}
{{ include "corvid.additions" (dict "root" . "component" "tracker" "own" list) }}
{{- end }}
{{- define "corvid.seederAdditions" -}}
{{ include "corvid.additions" (dict "root" . "component" "seeder" "own" (include "corvid.seederVariables" . | fromJsonArray)) }}
{{- end }}
{{- define "corvid.seederVariables" -}}
["POD_IP", "NODE_NAME", "CORVID_SEEDER", "CORVID_SEEDER_2", "CORVID_SEEDER_3", "CORVID_SEEDER_4", "CORVID_SEEDER_5", "CORVID_SEEDER_6", "CORVID_SEEDER_7", "CORVID_SEEDER_8", "CORVID_PUBLICATION_KEY"]
{{- end }}

{{- /* The user of a pod that has no business with the node's files, unless the cluster chooses it. */}}
{{- define "corvid.unprivileged" -}}
runAsNonRoot: true
{{- if .Values.pods.fixedUser }}
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
{{- end }}
{{- with .Values.pods.seLinuxOptions }}
seLinuxOptions:
  {{- toYaml . | nindent 2 }}
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* The images that peer, tracker and seeders may have, as JSON: one release, wherever it is pulled from. */}}
{{- define "corvid.peerImages" -}}
{{- $image := .Values.images.peer }}
{{- $tag := $image.tag | default .Chart.AppVersion }}
{{- $images := list (include "corvid.image" (dict "root" . "of" "peer")) }}
{{- range prepend ($image.alsoFrom | default list) $image.repository }}
{{- if $image.digest }}
{{- $images = concat $images (list (printf "%s@%s" . $image.digest) (printf "%s:%s@%s" . $tag $image.digest)) }}
{{- else }}
{{- $images = append $images (printf "%s:%s" . $tag) }}
{{- end }}
{{- end }}
{{- $images | uniq | toJson }}
{{- end }}
