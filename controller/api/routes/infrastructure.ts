import { annotations } from '../../resources/annotations.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import type { StoredObject } from '../../ports/store.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { mark, markTime } from '../marks.ts'
import { conflict, notFound } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import type { AnyView } from '../view.ts'
import { viewOf } from '../view.ts'

type Marks = Readonly<Record<string, string>>

/** What people decide of an environment's Terraform. */
export function infrastructureRoutes(context: ApiContext): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/environments/:environment/terraform/approve',
      role: 'approver',
      summary: 'Approves the plan that waits, by its id. It lapses when what would be done changes.',
      body: {
        plan: { type: 'string', minLength: 1, maxLength: 128, description: 'status.infrastructure.plan.id.' },
      },
      answer: 'Environment',
      handle: (request) => markEnvironment(context, request, (object) => approval(context, object, request)),
    },
    {
      method: 'POST',
      path: '/environments/:environment/terraform/unlock',
      role: 'admin',
      summary: 'Frees the lock of the state, by its id, after the process that took it is gone.',
      body: {
        id: { type: 'string', minLength: 1, maxLength: 128, description: 'status.infrastructure.lock.id.' },
      },
      answer: 'Environment',
      handle: (request) => markEnvironment(context, request, (object) => unlocking(context, object, request)),
    },
  ]
}

function approval({ clock }: ApiContext, object: StoredObject, { body, identity }: ApiRequest): Marks {
  const { plan } = infrastructureOf(object)
  const { plan: id } = body
  if (plan?.permission !== 'AwaitApproval')
    throw conflict('NothingToApprove', 'no plan waits for approval', 'See `steersman status`.')
  if (plan.id !== id)
    throw conflict(
      'AnotherPlan',
      `the plan that waits is ${plan.id}: what would be done has changed`,
      'Look at it, and approve that one.',
    )
  return {
    [annotations.planApproved]: markTime(clock, object, annotations.planApproved),
    [annotations.planApprovedBy]: identity.name,
    [annotations.approvedPlan]: plan.id,
  }
}

function unlocking({ clock }: ApiContext, object: StoredObject, { body, identity }: ApiRequest): Marks {
  const { lock } = infrastructureOf(object)
  if (lock === undefined)
    throw conflict('NotLocked', 'nobody holds the lock of the state', 'There is nothing to free.')
  if (lock.id !== body['id'])
    throw conflict(
      'AnotherLock',
      `the lock is ${lock.id}, held by ${lock.who}`,
      'Make sure that this process is gone, and name that lock.',
    )
  return {
    [annotations.unlock]: markTime(clock, object, annotations.unlock),
    [annotations.unlockBy]: identity.name,
    [annotations.unlockId]: lock.id,
  }
}

async function markEnvironment(
  { store, reconcile }: ApiContext,
  { identity, params: { environment = '' } }: ApiRequest,
  change: (object: StoredObject) => Marks,
): Promise<AnyView> {
  if (!maySee(identity, environment)) throw notFound(`Environment ${environment}`)
  const object = await mark(store, { kind: 'Environment', name: environment }, change)
  reconcile(environment)
  return viewOf(object)
}

function infrastructureOf({ status }: StoredObject): InfrastructureStatus {
  return (status?.['infrastructure'] as InfrastructureStatus | undefined) ?? {}
}
