{{- /* Refuses by a sentence what values.schema.json cannot: it knows patterns, and no arithmetic. Renders nothing. */}}
{{- define "corvid.check" -}}
{{- range $cidr := .Values.seeder.allowedAddresses }}
{{- include "corvid.checkCidr" (dict "at" "seeder.allowedAddresses" "value" $cidr) }}
{{- end }}
{{- range $cidr := .Values.seeder.deniedAddresses }}
{{- include "corvid.checkCidr" (dict "at" "seeder.deniedAddresses" "value" $cidr) }}
{{- end }}
{{- range $cidr := .Values.networkPolicies.nodeCIDRs }}
{{- include "corvid.checkCidr" (dict "at" "networkPolicies.nodeCIDRs" "value" $cidr) }}
{{- end }}
{{- range $cidr := .Values.networkPolicies.seeders.egress }}
{{- include "corvid.checkCidr" (dict "at" "networkPolicies.seeders.egress" "value" $cidr) }}
{{- end }}
{{- range $repository := .Values.images.peer.alsoFrom }}
{{- include "corvid.checkRepository" (dict "at" "images.peer.alsoFrom" "value" $repository) }}
{{- end }}
{{- include "corvid.checkProxy" . }}
{{- range $component := list "operator" "peer" "tracker" "seeder" }}
{{- include "corvid.checkResources" (dict "at" (printf "%s.resources" $component) "resources" (get $.Values $component).resources) }}
{{- range $key, $_ := (get $.Values $component).nodeSelector }}
{{- include "corvid.checkKey" (dict "at" (printf "%s.nodeSelector" $component) "key" $key) }}
{{- end }}
{{- range $toleration := (get $.Values $component).tolerations }}
{{- with $toleration.key }}
{{- include "corvid.checkKey" (dict "at" (printf "%s.tolerations" $component) "key" .) }}
{{- end }}
{{- if and (eq ($toleration.operator | default "Equal") "Exists") $toleration.value }}
{{- fail (printf "%s.tolerations: with operator Exists there is no value, but it has %s: leave the value out, or write operator Equal" $component $toleration.value) }}
{{- end }}
{{- if and (eq ($toleration.operator | default "Equal") "Equal") (not $toleration.key) }}
{{- fail (printf "%s.tolerations: one has no key: name it, or write operator Exists to tolerate every taint" $component) }}
{{- end }}
{{- if not (regexMatch "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$" ($toleration.value | default "")) }}
{{- fail (printf "%s.tolerations has the value %s: write at most 63 letters, digits and -_. such as infra" $component $toleration.value) }}
{{- end }}
{{- if and (hasKey $toleration "tolerationSeconds") (ne ($toleration.effect | default "") "NoExecute") }}
{{- fail (printf "%s.tolerations: tolerationSeconds counts only with effect NoExecute: add that, or leave the seconds out" $component) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $direction, $rate := .Values.peer.bandwidth }}
{{- include "corvid.checkSize" (dict "at" (printf "peer.bandwidth.%s" $direction) "value" $rate) }}
{{- end }}
{{- $unavailable := .Values.peer.maxUnavailable | toString }}
{{- if not (regexMatch "^(0*[1-9][0-9]{0,9}|0*(100|[1-9][0-9]?)%)$" $unavailable) }}
{{- fail (printf "peer.maxUnavailable is %s: write how many peers may be replaced at once, 1 or more, or a share of them from 1%% to 100%%" $unavailable) }}
{{- end }}
{{- include "corvid.checkScratch" . }}
{{- end }}

{{- /* Of labels and annotations; given (dict "at" "pods.labels" "key" "example.com/team"). */}}
{{- define "corvid.checkKey" -}}
{{- if not (regexMatch "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$" .key) -}}
{{- fail (printf "%s has the key %s: write at most 63 letters, digits and -_. such as team, or example.com/team" .at .key) -}}
{{- end -}}
{{- end }}
{{- /* As references to images have it; given (dict "at" "images.peer.repository" "value" "registry.example.com/corvid/peer"). */}}
{{- define "corvid.checkRepository" -}}
{{- $host := "([a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?|\\[[0-9a-fA-F:.]+\\])(:[0-9]{1,5})?" -}}
{{- $part := "[a-z0-9]+([._-]+[a-z0-9]+)*" -}}
{{- if not (regexMatch (printf "^(%s/)?%s(/%s)*$" $host $part $part) .value) -}}
{{- fail (printf "%s is %s: write it like registry.example.com:5000/corvid/peer, in lower case, without https:// and without tag or digest" .at .value) -}}
{{- end -}}
{{- end }}
{{- define "corvid.octet" -}}
(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])
{{- end }}
{{- define "corvid.ipv4" -}}
({{ include "corvid.octet" . }}\.){3}{{ include "corvid.octet" . }}
{{- end }}
{{- define "corvid.ipv6" -}}
{{- $group := "[0-9a-fA-F]{1,4}" -}}
{{- $ipv4 := include "corvid.ipv4" . -}}
{{- $forms := list (printf "(%s:){7}%s" $group $group) "::" (printf "(%s:){6}%s" $group $ipv4) (printf ":(:%s){0,5}:%s" $group $ipv4) -}}
{{- /* `::` stands for one group or more: with n of them before it, there are at most 7 - n behind it. */}}
{{- range $before := until 8 -}}
{{- if eq $before 0 -}}
{{- $forms = append $forms (printf ":(:%s){1,7}" $group) -}}
{{- else if eq $before 7 -}}
{{- $forms = append $forms (printf "(%s:){7}:" $group) -}}
{{- else -}}
{{- $forms = append $forms (printf "(%s:){%d}((:%s){1,%d}|:)" $group $before $group (sub 7 $before)) -}}
{{- end -}}
{{- end -}}
{{- /* The last two groups may be written like IPv4: ::ffff:10.0.0.1. */}}
{{- range $before := untilStep 1 6 1 -}}
{{- $forms = append $forms (printf "(%s:){%d}(:%s){0,%d}:%s" $group $before $group (sub 5 $before) $ipv4) -}}
{{- end -}}
({{ join "|" $forms }})
{{- end }}
{{- /* Whether it is a block of addresses: "yes" or nothing. */}}
{{- define "corvid.isCidr" -}}
{{- $ipv4 := printf "^%s/([0-9]|[12][0-9]|3[0-2])$" (include "corvid.ipv4" .) -}}
{{- $ipv6 := printf "^%s/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$" (include "corvid.ipv6" .) -}}
{{- /* Where the end is IPv4, so is the block: fewer than 96 bits would be more than that. */}}
{{- $beyond := "^.*:.*[.].*/([0-9]|[1-8][0-9]|9[0-5])$" -}}
{{- if or (regexMatch $ipv4 .) (and (regexMatch $ipv6 .) (not (regexMatch $beyond .))) }}yes{{ end -}}
{{- end }}
{{- /* Given (dict "at" "seeder.deniedAddresses" "value" "10.0.0.0/8"). */}}
{{- define "corvid.checkCidr" -}}
{{- if not (include "corvid.isCidr" .value) -}}
{{- fail (printf "%s has %s, which is no block of addresses: write an address and how many leading bits count, up to 32 (10.0.0.0/8) or 128 (fd00::/8)" .at .value) -}}
{{- end -}}
{{- end }}

{{- define "corvid.checkProxy" -}}
{{- $proxy := .Values.proxy -}}
{{- if contains "@" $proxy -}}
{{- fail "proxy has a user and a password in its URL: write http://host:port, and name a Secret with the keys username and password in proxySecret" -}}
{{- end -}}
{{- if $proxy -}}
{{- if not (regexMatch "^http://[^/]+:[0-9]+$" $proxy) -}}
{{- fail (printf "proxy is %s: write http://host:port, and nothing after it; seeders connect to a proxy by plain HTTP, also for https sources" $proxy) -}}
{{- end -}}
{{- $port := regexFind "[0-9]+$" $proxy -}}
{{- if or (gt (len $port) 5) (lt (atoi $port) 1) (gt (atoi $port) 65535) -}}
{{- fail (printf "proxy is %s: ports are from 1 to 65535" $proxy) -}}
{{- end -}}
{{- $host := trimPrefix "http://" $proxy | trimSuffix (printf ":%s" $port) -}}
{{- if regexMatch "^[0-9.]+$" $host -}}
{{- if not (regexMatch (printf "^%s$" (include "corvid.ipv4" .)) $host) -}}
{{- fail (printf "proxy is %s: %s is no address" $proxy $host) -}}
{{- end -}}
{{- else if not (or (include "corvid.isHostName" $host) (regexMatch (printf "^\\[%s\\]$" (include "corvid.ipv6" .)) $host)) -}}
{{- fail (printf "proxy is %s: %s is no host; write http://host:port" $proxy $host) -}}
{{- end -}}
{{- else if .Values.proxySecret -}}
{{- fail (printf "proxySecret is %s, and there is no proxy: set proxy as well, or leave both empty" .Values.proxySecret) -}}
{{- end -}}
{{- range $exception := .Values.noProxy -}}
{{- if contains "/" $exception -}}
{{- include "corvid.checkCidr" (dict "at" "noProxy" "value" $exception) -}}
{{- else if contains ":" $exception -}}
{{- if not (regexMatch (printf "^%s$" (include "corvid.ipv6" $)) $exception) -}}
{{- fail (printf "noProxy has %s, which is no IPv6 address: write fd00::1, or a name without a port" $exception) -}}
{{- end -}}
{{- else if regexMatch "^[0-9.]+$" $exception -}}
{{- if not (regexMatch (printf "^%s$" (include "corvid.ipv4" $)) $exception) -}}
{{- fail (printf "noProxy has %s, which is neither an address nor a name: write 10.1.2.3, 10.0.0.0/8, example.com or .svc" $exception) -}}
{{- end -}}
{{- else if not (include "corvid.isHostName" (trimPrefix "." $exception | replace "_" "a")) -}}
{{- fail (printf "noProxy has %s, which is no name: write example.com, or .example.com for what is below it" $exception) -}}
{{- end -}}
{{- end -}}
{{- end }}
{{- /* Whether it is the name of a host, with or without the dot at its end: "yes" or nothing. */}}
{{- define "corvid.isHostName" -}}
{{- if and (le (len .) 253) (regexMatch "^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*\\.?$" .) }}yes{{ end -}}
{{- end }}

{{- /* A quantity as a number: 1.5Ki is 1536. */}}
{{- define "corvid.amount" -}}
{{- $units := dict "" 1.0 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 -}}
{{- $units = merge $units (dict "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 "Ei" 1152921504606846976.0) -}}
{{- $unit := regexFind "([KMGTPE]i|[numkMGTPE])$" . -}}
{{- mulf (trimSuffix $unit . | float64) (get $units $unit) -}}
{{- end }}
{{- /* Given (dict "at" "peer.resources" "resources" (requests and limits)). */}}
{{- define "corvid.checkResources" -}}
{{- $at := .at -}}
{{- $limits := .resources.limits -}}
{{- $requests := .resources.requests | default dict -}}
{{- range $kind, $amounts := dict "limits" $limits "requests" $requests -}}
{{- range $name, $amount := $amounts -}}
{{- if not (regexMatch "^([0-9]+\\.?[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][-+]?[0-9]{1,2})?$" (toString $amount)) -}}
{{- fail (printf "%s.%s.%s is %s, which is no quantity: write 512Mi, 1.5Gi, 500m or 2" $at $kind $name (toString $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $memory := toString $limits.memory -}}
{{- if lt (include "corvid.amount" $memory | float64) 67108864.0 -}}
{{- fail (printf "%s.limits.memory is %s: Java does not start with less than 64Mi" $at $memory) -}}
{{- end -}}
{{- range $name, $amount := $requests -}}
{{- if hasKey $limits $name -}}
{{- $most := get $limits $name | toString -}}
{{- if gt (include "corvid.amount" (toString $amount) | float64) (include "corvid.amount" $most | float64) -}}
{{- fail (printf "%s.requests.%s is %s, more than its limit of %s: lower the request or raise the limit" $at $name (toString $amount) $most) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* Given (dict "at" "limits.scratch" "value" "400Gi"), and whether it must be positive, or may be a share. Bytes are counted in 63 bits. */}}
{{- define "corvid.checkSize" -}}
{{- $text := .value | default "" -}}
{{- if and .share (regexMatch "^[0-9]{1,2}%$|^100%$" $text) -}}
{{- else if $text -}}
{{- if not (regexMatch "^[0-9]{1,18}(\\.[0-9]{1,9})?([KMGTPE]i|[kMGTPE])?$" $text) -}}
{{- fail (printf "%s is %s: write %s" .at $text (ternary "a share up to 100%, or a size such as 500Gi" "a size such as 20Gi, 512Mi or 4096" (default false .share))) -}}
{{- end -}}
{{- if ge (include "corvid.amount" $text | float64) 9.2e18 -}}
{{- fail (printf "%s is %s: 7Ei is the most that can be counted" .at $text) -}}
{{- end -}}
{{- end -}}
{{- if and .positive $text (regexMatch "^[0.]*[^1-9]*$" $text) -}}
{{- fail (printf "%s is %s, which has room for nothing: write a size such as 20Gi" .at $text) -}}
{{- end -}}
{{- end }}
{{- /* By GEP-2257, as in a SwarmRelease; given (dict "at" "keepAfterSwitch" "value" "10m" "most" "720h"). */}}
{{- define "corvid.checkDuration" -}}
{{- $right := regexMatch "^([0-9]{1,5}(h|m|s|ms)){1,4}$" .value -}}
{{- if $right -}}
{{- $right = le (include "corvid.milliseconds" .value | int64) (include "corvid.milliseconds" .most | int64) -}}
{{- end -}}
{{- if not $right -}}
{{- fail (printf "%s is %s: write a duration from 0s to %s, in whole hours, minutes, seconds and milliseconds, such as 10m or 1h30m" .at (.value | default "empty") .most) -}}
{{- end -}}
{{- end }}
{{- define "corvid.checkScratch" -}}
{{- include "corvid.checkSize" (dict "at" "seeder.scratchSizeLimit" "value" .Values.seeder.scratchSizeLimit "positive" true) -}}
{{- with .Values.limits -}}
{{- include "corvid.checkSize" (dict "at" "limits.scratch" "value" (.scratch | default "400Gi") "positive" true) -}}
{{- end -}}
{{- end }}

{{- /* Of one root; its path is checked against others' where all are known. */}}
{{- define "corvid.checkRoot" -}}
{{- if gt (len .name) 58 -}}
{{- fail (printf "the root %s has a name of %d characters: 58 is the most, because its volume in a pod is called root-%s" .name (len .name) .name) -}}
{{- end -}}
{{- $path := clean .hostPath -}}
{{- if regexMatch "(^|/)\\.\\.(/|$)" .hostPath -}}
{{- fail (printf "the hostPath of the root %s is %s, with `..` in it: write the path without it" .name .hostPath) -}}
{{- end -}}
{{- if eq $path "/" -}}
{{- fail (printf "the hostPath of the root %s is %s, the node's whole file system: name a directory, such as /var/lib/corvid/%s" .name .hostPath .name) -}}
{{- end -}}
{{- if regexMatch "^/(proc|sys|dev)(/|$)" $path -}}
{{- fail (printf "the hostPath of the root %s is %s, where the kernel keeps its own files: name a directory of a disk, such as /var/lib/corvid/%s" .name .hostPath .name) -}}
{{- end -}}
{{- if eq (.reserve | default "20%") "100%" -}}
{{- fail (printf "the reserve of the root %s is 100%%, which leaves room for nothing: 99%% is the most" .name) -}}
{{- end -}}
{{- include "corvid.checkSize" (dict "at" (printf "the reserve of the root %s" .name) "value" .reserve "share" true) -}}
{{- include "corvid.checkSize" (dict "at" (printf "the quota of the root %s" .name) "value" .quota "share" true "positive" true) -}}
{{- range $namespace, $quota := .namespaceQuotas -}}
{{- include "corvid.checkSize" (dict "at" (printf "the quota of the namespace %s in the root %s" $namespace $.name) "value" $quota "share" true) -}}
{{- end -}}
{{- include "corvid.checkDuration" (dict "at" (printf "keepAfterSwitch of the root %s" .name) "value" (hasKey . "keepAfterSwitch" | ternary .keepAfterSwitch "10m") "most" "720h") -}}
{{- include "corvid.checkDuration" (dict "at" (printf "recheckInterval of the root %s" .name) "value" (hasKey . "recheckInterval" | ternary .recheckInterval "24h") "most" "8760h") -}}
{{- end }}
