import { throttled, type ErrorRow } from './error-table.ts'

interface MessageRow {
  readonly pattern: RegExp
  readonly row: ErrorRow
}

/** Refusals that AWS tells apart only by its message; looked at before the names. */
export const messageRows: readonly MessageRow[] = [
  {
    pattern: /Creation of service was not idempotent/i,
    row: {
      code: 'AlreadyExists',
      handling: 'retry',
      remedy: 'A service of this name appeared meanwhile: it is looked at again.',
    },
  },
  {
    pattern: /service that is still Draining/i,
    row: {
      code: 'ServiceNotActive',
      handling: 'wait',
      remedy: 'The service is being deleted: wait until ECS has drained it.',
    },
  },
  {
    pattern: /does not have an associated load balancer/i,
    row: {
      code: 'TargetGroupNotAssociated',
      handling: 'stall',
      remedy:
        'Let the listener rule forward to both target groups, one of them at weight 0: ECS needs both to be in use.',
    },
  },
  {
    pattern: /(^| )(Too many concurrent attempts|Rate exceeded)/i,
    row: throttled,
  },
  {
    pattern: /unable to assume the service linked role/i,
    row: {
      code: 'ServiceLinkedRoleMissing',
      handling: 'stall',
      remedy:
        'Run `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com` once in the account.',
    },
  },
]
