/** A rule in the Common Expression Language that Kubernetes and the controller both check. */
export interface ValidationRule {
  rule: string
  message: string
  /** Which member it is about, as `.service.desiredCount`; left out, what the rule stands at. */
  fieldPath?: string
}

/** The part of OpenAPI v3 that the kinds' schemas are written in (a Kubernetes structural schema). */
export interface Schema {
  title?: string
  description?: string
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  format?: string
  pattern?: string
  enum?: readonly string[]
  default?: unknown
  nullable?: boolean
  required?: readonly string[]
  properties?: Readonly<Record<string, Schema>>
  additionalProperties?: Schema
  items?: Schema
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  maxProperties?: number
  'x-kubernetes-list-type'?: string
  'x-kubernetes-list-map-keys'?: readonly string[]
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-validations'?: readonly ValidationRule[]
}
