import { PortError } from '../ports/error.ts'
import type { Fence, NewObject, Store } from '../ports/store.ts'
import { ENVIRONMENT_LABEL } from '../resources/metadata.ts'
import type { Lead } from './lead.ts'

/** Says under which lease an environment is written. */
interface Leading {
  of(environment: string): Pick<Lead, 'name' | 'epoch' | 'holds'>
}

/**
 * The store as long as the lease of the object's environment is ours: after it, another controller writes there, and what this one knows would go over it.
 * Each write carries the lease's epoch, so that a store of several processes can refuse the one that was under way when the lease changed hands.
 */
export function ledStore(store: Store, leads: Leading): Store {
  const fenceOf = (environment: string): Fence => {
    const lead = leads.of(environment)
    const { epoch } = lead
    if (!lead.holds() || epoch === undefined)
      throw new PortError('the lease is over, so nothing is stored', { code: 'LeaseLost', handling: 'retry' })
    return { lease: lead.name, epoch }
  }
  return {
    get: (kind, name) => store.get(kind, name),
    list: (kind, options) => store.list(kind, options),
    watch: (options) => store.watch(options),
    create: async (object) => store.create(object, fenceOf(environmentOf(object))),
    update: async (object) => store.update(object, fenceOf(environmentOf(object))),
    updateStatus: async (object) => store.updateStatus(object, fenceOf(environmentOf(object))),
    async delete(kind, name) {
      const object = await store.get(kind, name)
      return store.delete(kind, name, fenceOf(object === undefined ? name : environmentOf(object)))
    },
  }
}

/** Releases and rollouts carry their environment as a label. */
export const environmentOf = ({ kind, metadata }: Pick<NewObject, 'kind' | 'metadata'>): string =>
  kind === 'Environment' ? metadata.name : (metadata.labels?.[ENVIRONMENT_LABEL] ?? metadata.name)
