{{/* Labels of every object; the component is given with (dict "root" $ "component" "peer"). */}}
{{- define "corvid.labels" -}}
{{ include "corvid.selector" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "corvid.selector" -}}
app.kubernetes.io/name: corvid
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* repository@digest, or repository:tag; given (dict "root" $ "of" "peer"). */}}
{{- define "corvid.image" -}}
{{- $image := get .root.Values.images .of -}}
{{- if not $image.repository -}}
{{- fail (printf "images.%s.repository is empty, and there are no public images of Corvid: `make images PUSH=registry/prefix` pushes them, then set images.operator.repository to registry/prefix/operator and images.peer.repository to registry/prefix/peer" .of) -}}
{{- end -}}
{{- include "corvid.checkRepository" (dict "at" (printf "images.%s.repository" .of) "value" $image.repository) -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* Where a component may run: as its affinity says, and where its image does.
     Given (dict "root" $ "affinity" .Values.operator.affinity "more" (list of further expressions, or none)). */}}
{{- define "corvid.affinity" -}}
{{- $expressions := list (dict "key" "kubernetes.io/os" "operator" "In" "values" (list "linux")) }}
{{- with .root.Values.images.architectures }}
{{- $expressions = append $expressions (dict "key" "kubernetes.io/arch" "operator" "In" "values" .) }}
{{- end }}
{{- $expressions = concat $expressions (.more | default list) }}
{{- $affinity := deepCopy (.affinity | default dict) }}
{{- $node := $affinity.nodeAffinity | default dict }}
{{- $required := $node.requiredDuringSchedulingIgnoredDuringExecution | default dict }}
{{- $terms := list }}
{{- /* One term is enough for a node: each of them needs the expressions. */}}
{{- range $required.nodeSelectorTerms | default (list (dict "matchExpressions" list)) }}
{{- $terms = append $terms (set . "matchExpressions" (concat (.matchExpressions | default list) $expressions)) }}
{{- end }}
{{- $_ := set $node "requiredDuringSchedulingIgnoredDuringExecution" (dict "nodeSelectorTerms" $terms) }}
{{- toYaml (set $affinity "nodeAffinity" $node) }}
{{- end }}

{{/* Peers need a node's disk, which virtual nodes do not have. */}}
{{- define "corvid.peerAffinity" -}}
{{- $more := list
  (dict "key" "type" "operator" "NotIn" "values" (list "virtual-kubelet"))
  (dict "key" "eks.amazonaws.com/compute-type" "operator" "NotIn" "values" (list "fargate")) }}
{{- if not .Values.peer.controlPlane }}
{{- $more = append $more (dict "key" "node-role.kubernetes.io/control-plane" "operator" "DoesNotExist") }}
{{- end }}
{{- include "corvid.affinity" (dict "root" . "affinity" .Values.peer.affinity "more" $more) }}
{{- end }}

{{- define "corvid.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* 10m as 600 */}}
{{- define "corvid.milliseconds" -}}
{{- $unit := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 -}}
{{- $sum := 0 -}}
{{- range regexFindAll "[0-9]+[hms]+" . -1 -}}
{{- /* Else 010 would be octal. */ -}}
{{- $amount := regexReplaceAll "^0+([0-9])" (regexFind "^[0-9]+" .) "${1}" -}}
{{- $sum = add $sum (mul $amount (get $unit (regexFind "[hms]+$" .))) -}}
{{- end -}}
{{ $sum }}
{{- end }}

{{/* The token that a pod presents to Corvid's own programs: worthless to the API server. */}}
{{- define "corvid.tokenVolume" -}}
- name: token
  projected:
    defaultMode: 0440
    sources:
      - serviceAccountToken:
          audience: corvid
          expirationSeconds: 3600
          path: token
{{- end }}
{{- /* The command of a container of the peer image, as JSON; given (dict "heap" (list "-Xmx48m") "further" .Values.peer.javaOptions). */}}
{{- define "corvid.java" -}}
{{- concat (list "/opt/java/bin/java" "@/app/java.options") .heap (.further | default list) (list "-jar" "/app/corvid-peer.jar") | toJson }}
{{- end }}
{{- /* The operator's name for the API server. */}}
{{- define "corvid.operatorAccount" -}}
system:serviceaccount:{{ .Release.Namespace }}:corvid-operator
{{- end }}
{{- /* CEL: whether the object of this name was made for the release that its label names, and is owned by it. */}}
{{- define "corvid.isOfARelease" -}}
{{ . }}.metadata.?labels[?"app.kubernetes.io/managed-by"].orValue("") == "corvid-operator" &&
{{ . }}.metadata.?ownerReferences.orValue([]).exists(o,
  o.kind == "SwarmRelease" && o.apiVersion.startsWith("corvid.dev/") && o.?controller.orValue(false) &&
  o.name == {{ . }}.metadata.?labels[?"corvid.dev/release"].orValue(""))
{{- end }}
{{- /* CEL: whether the PersistentVolume of this name is a release's; it has no owner, because a namespace's object owns none of the cluster's. */}}
{{- define "corvid.isVolumeOfARelease" -}}
{{ . }}.metadata.name.startsWith("corvid-") &&
{{ . }}.metadata.?labels[?"app.kubernetes.io/managed-by"].orValue("") == "corvid-operator" &&
{{ . }}.metadata.?labels[?"app.kubernetes.io/component"].orValue("") == "volume"
{{- end }}
