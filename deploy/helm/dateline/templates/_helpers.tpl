{{- define "dateline.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "dateline.fullname" -}}
{{- $name := include "dateline.name" . -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "dateline.selectorLabels" -}}
app.kubernetes.io/name: {{ include "dateline.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dateline.labels" -}}
{{ include "dateline.selectorLabels" . }}
{{ include "dateline.commonLabels" . }}
{{- end -}}

{{- define "dateline.commonLabels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: dateline
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "dateline.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "dateline.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "dateline.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "dateline.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "dateline.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* What workers and the topics job need to reach Kafka. */}}
{{- define "dateline.kafkaEnv" -}}
- name: DATELINE_BROKERS
  value: {{ .Values.kafka.brokers | quote }}
- name: DATELINE_GROUP
  value: {{ .Values.kafka.group | quote }}
- name: DATELINE_TOPIC_PREFIX
  value: {{ .Values.kafka.topicPrefix | quote }}
- name: DATELINE_SECURITY_PROTOCOL
  value: {{ .Values.kafka.securityProtocol }}
- name: DATELINE_LOG_FORMAT
  value: json
{{- if hasPrefix "SASL" .Values.kafka.securityProtocol }}
- name: DATELINE_SASL_MECHANISM
  value: {{ .Values.kafka.sasl.mechanism }}
{{- if eq .Values.kafka.sasl.mechanism "OAUTHBEARER" }}
- name: DATELINE_SASL_TOKEN_FILE
  value: /etc/dateline/sasl/{{ .Values.kafka.sasl.tokenKey }}
{{- else }}
- name: DATELINE_SASL_USERNAME
  valueFrom:
    secretKeyRef: { name: {{ .Values.kafka.sasl.existingSecret }}, key: {{ .Values.kafka.sasl.usernameKey }} }
- name: DATELINE_SASL_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ .Values.kafka.sasl.existingSecret }}, key: {{ .Values.kafka.sasl.passwordKey }} }
{{- end }}
{{- end }}
{{- with .Values.kafka.tls }}
{{- if .existingSecret }}
{{- range $variable, $key := dict "CAFILE" .caKey "CERTFILE" .certKey "KEYFILE" .keyKey }}
{{- if $key }}
- name: DATELINE_SSL_{{ $variable }}
  value: /etc/dateline/tls/{{ $key }}
{{- end }}
{{- end }}
{{- if .keyPasswordKey }}
- name: DATELINE_SSL_KEY_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ .existingSecret }}, key: {{ .keyPasswordKey }} }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* "true" where Kafka is told a token. */}}
{{- define "dateline.hasToken" -}}
{{- if and (hasPrefix "SASL" .Values.kafka.securityProtocol) (eq .Values.kafka.sasl.mechanism "OAUTHBEARER") }}true{{ end }}
{{- end -}}

{{- define "dateline.kafkaMounts" -}}
{{- if .Values.kafka.tls.existingSecret }}
- { name: tls, mountPath: /etc/dateline/tls, readOnly: true }
{{- end }}
{{- if include "dateline.hasToken" . }}
- { name: sasl, mountPath: /etc/dateline/sasl, readOnly: true }
{{- end }}
{{- end -}}

{{- define "dateline.kafkaVolumes" -}}
{{- if .Values.kafka.tls.existingSecret }}
- name: tls
  secret: { secretName: {{ .Values.kafka.tls.existingSecret }}, defaultMode: 288 } # 0440
{{- end }}
{{- if include "dateline.hasToken" . }}
- name: sasl
  secret: { secretName: {{ .Values.kafka.sasl.existingSecret }}, defaultMode: 288 } # 0440
{{- end }}
{{- end -}}

{{/* Helm reads whole numbers as floats, and would write large ones with an exponent. */}}
{{- define "dateline.plain" -}}
{{- if and (kindIs "float64" .) (eq (float64 (int64 .)) .) -}}
{{ int64 . }}
{{- else -}}
{{ . }}
{{- end -}}
{{- end -}}

{{/* Names and Kafka: nothing else is asked. */}}
{{- define "dateline.kafkaEgress" -}}
- ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
- ports:
    {{- range .Values.networkPolicy.kafkaPorts }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- with .Values.networkPolicy.kafkaTo }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
