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

{{/* repository@digest, or repository:tag; given (dict "root" $ "image" .Values.images.peer). */}}
{{- define "corvid.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end }}
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
{{- define "corvid.seconds" -}}
{{- $unit := dict "s" 1 "m" 60 "h" 3600 "d" 86400 -}}
{{ mul (regexFind "^[0-9]+" .) (get $unit (regexFind "[smhd]$" .)) }}
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
