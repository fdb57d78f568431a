{{/* Name of the chart's objects without the release. */}}
{{- define "steersman.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the chart's objects: the release's, and the chart's unless the release's holds it. */}}
{{- define "steersman.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "steersman.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "steersman.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels that never change, by which the Deployment and the Service find the pod. */}}
{{- define "steersman.selectorLabels" -}}
app.kubernetes.io/name: {{ include "steersman.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "steersman.labels" -}}
{{ include "steersman.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Name of the ServiceAccount. */}}
{{- define "steersman.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "steersman.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The image, by digest where there is one. */}}
{{- define "steersman.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* Not empty where the objects are in the cluster, and several controllers may share them. */}}
{{- define "steersman.inCluster" -}}
{{- if eq (dig "store" "type" "file" .Values.configuration) "kubernetes" -}}true{{- end -}}
{{- end -}}

{{/* The namespace of the objects. */}}
{{- define "steersman.objectsNamespace" -}}
{{- dig "store" "namespace" .Release.Namespace .Values.configuration -}}
{{- end -}}

{{/* Names by which the API is reached: the Service's, those of the Ingress and the HTTPRoute, and the user's own. As JSON. */}}
{{- define "steersman.hosts" -}}
{{- $service := include "steersman.fullname" . -}}
{{- $inNamespace := printf "%s.%s" $service .Release.Namespace -}}
{{- $hosts := list $service $inNamespace (printf "%s.svc" $inNamespace) (printf "%s.svc.cluster.local" $inNamespace) -}}
{{- if .Values.ingress.enabled -}}{{- $hosts = concat $hosts .Values.ingress.hosts -}}{{- end -}}
{{- if .Values.httpRoute.enabled -}}{{- $hosts = concat $hosts .Values.httpRoute.hosts -}}{{- end -}}
{{- concat $hosts (dig "hosts" list .Values.configuration) | uniq | toJson -}}
{{- end -}}

{{/* Fails where the API listens on loopback, and nothing that comes from outside the pod reaches it. */}}
{{- define "steersman.assertReachable" -}}
{{- if regexMatch "^(127\\.|localhost:|\\[::1\\]:)" .root.Values.configuration.listen -}}
{{- fail (printf "%s.enabled leads nowhere while the API listens on %s; give configuration.listen 0.0.0.0:8080, and configuration.tokens" .by .root.Values.configuration.listen) -}}
{{- end -}}
{{- end -}}
