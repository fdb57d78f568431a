import type { GateVerdict, HookStatus } from '../../../controller/resources/generated/rollout.ts'

/** What people want of a controller by the CLI. */
export type Wish =
  | { readonly verb: 'pause' | 'resume' | 'override-freeze' }
  /** `plan` and `lock`: their ids, as a person read them somewhere. */
  | { readonly verb: 'approve'; readonly plan: string }
  | { readonly verb: 'unlock'; readonly lock: string }
  | {
      readonly verb: 'decide'
      readonly release: string
      readonly rollout: string
      readonly gate: string
      readonly verdict: GateVerdict
      readonly by: string
    }
  /** A receiver of webhooks calls back. */
  | {
      readonly verb: 'answer'
      readonly release: string
      readonly rollout: string
      readonly gate: string
      readonly answer: HookStatus
    }
  | { readonly verb: 'retry' | 'restart' | 'abort' | 'rollback-now'; readonly release: string }

/** A wish as it is sent: with the same token each time that it is sent. */
export type Asked = Wish & { readonly token: string }
