import type { KubeKind } from './model.ts'

/** The answer to a request that is refused: a `Status` of the Kubernetes API. */
export class KubeFailure extends Error {
  readonly code: number
  readonly reason: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: number,
    reason: string,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
  }

  body(): Readonly<Record<string, unknown>> {
    const { code, reason, message, details } = this
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      details,
      code,
    }
  }
}

export const notFound = (kind: KubeKind, name: string): KubeFailure =>
  new KubeFailure(404, 'NotFound', `${resourceOf(kind)} "${name}" not found`, {
    name,
    group: kind.group,
    kind: kind.plural,
  })

export const alreadyExists = (kind: KubeKind, name: string): KubeFailure =>
  new KubeFailure(409, 'AlreadyExists', `${resourceOf(kind)} "${name}" already exists`, {
    name,
    group: kind.group,
    kind: kind.plural,
  })

export const conflict = (kind: KubeKind, name: string, why: string): KubeFailure =>
  new KubeFailure(409, 'Conflict', `Operation cannot be fulfilled on ${resourceOf(kind)} "${name}": ${why}`, {
    name,
    group: kind.group,
    kind: kind.plural,
  })

export const changedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again'

/** 422 with every cause. */
export function invalid(
  kind: KubeKind,
  name: string,
  causes: readonly { readonly field: string; readonly message: string }[],
): KubeFailure {
  const said = causes.map(({ field, message }) => `${field}: ${message}`).join(', ')
  return new KubeFailure(422, 'Invalid', `${kind.kind}.${kind.group} "${name}" is invalid: ${said}`, {
    name,
    group: kind.group,
    kind: kind.kind,
    causes: causes.map((cause) => ({ reason: 'FieldValueInvalid', ...cause })),
  })
}

export const badRequest = (message: string): KubeFailure => new KubeFailure(400, 'BadRequest', message)

export const expired = (message: string): KubeFailure => new KubeFailure(410, 'Expired', message)

const resourceOf = ({ plural, group }: KubeKind): string => (group === '' ? plural : `${plural}.${group}`)
