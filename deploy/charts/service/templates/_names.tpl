{{/* One release is one workload: it has the release's name. */}}
{{- define "service.name" -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "service.selector" -}}
app.kubernetes.io/name: {{ include "service.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Nothing of the chart itself: a new chart version alone restarts no pod. */}}
{{- define "service.podLabels" -}}
{{ include "service.selector" . }}
{{- with .Values.image.tag }}
app.kubernetes.io/version: {{ . | trunc 63 | trimAll "._-" | quote }}
{{- end }}
{{- end }}

{{- define "service.labels" -}}
{{ include "service.podLabels" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "service.image" -}}
{{- $image := .Values.image -}}
{{- if not (or $image.tag $image.digest) }}{{ fail "image.tag or image.digest must be set" }}{{ end -}}
{{- $image.repository -}}
{{- with $image.tag }}:{{ . }}{{ end -}}
{{- with $image.digest }}@{{ . }}{{ end -}}
{{- end }}

{{- define "service.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "service.name" .) "default" .Values.serviceAccount.create) -}}
{{- end }}

{{/* A scalar as a quoted string; numbers by way of JSON, because templates print a million as 1e+06. */}}
{{- define "service.text" -}}
{{- ternary . (toJson .) (kindIs "string" .) | quote -}}
{{- end }}

{{/* Entries of env: a plain value, or a reference as Kubernetes writes it. */}}
{{- define "service.env" -}}
{{- range $name, $value := . }}
- name: {{ $name | quote }}
  {{- if kindIs "map" $value }}
  valueFrom: {{- toYaml $value | nindent 4 }}
  {{- else }}
  value: {{ include "service.text" $value }}
  {{- end }}
{{- end }}
{{- end }}

{{/* What the Deployment's pods and the migration's have in common. */}}
{{- define "service.podSettings" -}}
serviceAccountName: {{ include "service.serviceAccount" . }}
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
