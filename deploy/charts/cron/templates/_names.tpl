{{/* One release is one CronJob: it has the release's name, shortened for the eleven characters that its jobs add. */}}
{{- define "cron.name" -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- end }}

{{- define "cron.selector" -}}
app.kubernetes.io/name: {{ include "cron.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Nothing of the chart itself: a new chart version alone restarts no pod. */}}
{{- define "cron.podLabels" -}}
{{ include "cron.selector" . }}
{{- with .Values.image.tag }}
app.kubernetes.io/version: {{ . | trunc 63 | trimAll "._-" | quote }}
{{- end }}
{{- end }}

{{- define "cron.labels" -}}
{{ include "cron.podLabels" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "cron.image" -}}
{{- $image := .Values.image -}}
{{- if not (or $image.tag $image.digest) }}{{ fail "image.tag or image.digest must be set" }}{{ end -}}
{{- $image.repository -}}
{{- with $image.tag }}:{{ . }}{{ end -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "cron.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "cron.name" .) "default" .Values.serviceAccount.create) -}}
{{- end }}

{{/* A scalar as a quoted string; numbers by way of JSON, because templates print a million as 1e+06. */}}
{{- define "cron.text" -}}
{{- ternary . (toJson .) (kindIs "string" .) | quote -}}
{{- end }}

{{/* Entries of env: a plain value, or a reference as Kubernetes writes it. */}}
{{- define "cron.env" -}}
{{- range $name, $value := . }}
- name: {{ $name | quote }}
  {{- if kindIs "map" $value }}
  valueFrom: {{- toYaml $value | nindent 4 }}
  {{- else }}
  value: {{ include "cron.text" $value }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Where and as whom the pods run. */}}
{{- define "cron.podSettings" -}}
serviceAccountName: {{ include "cron.serviceAccount" . }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.podSecurityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
