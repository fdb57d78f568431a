import { PortError } from '../ports/error.ts'
import type { Store } from '../ports/store.ts'
import type { Lead } from './lead.ts'

/** The store as long as the lease is ours: after it, another controller writes there, and what this one knows would go over it. */
export function ledStore(store: Store, lead: Pick<Lead, 'holds'>): Store {
  const written = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (!lead.holds())
      throw new PortError('the lease is over, so nothing is stored', { code: 'LeaseLost', handling: 'retry' })
    return write()
  }
  return {
    get: (kind, name) => store.get(kind, name),
    list: (kind, options) => store.list(kind, options),
    watch: (options) => store.watch(options),
    create: (object) => written(() => store.create(object)),
    update: (object) => written(() => store.update(object)),
    updateStatus: (object) => written(() => store.updateStatus(object)),
    delete: (kind, name) => written(() => store.delete(kind, name)),
  }
}
