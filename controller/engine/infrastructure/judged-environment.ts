import type { JudgedEnvironment } from '../../core/infrastructure/judge.ts'
import type { DefaultedTerraformSettings } from '../../resources/types.ts'
import type { Store } from '../../ports/store.ts'
import type { EnvironmentState } from '../engine.ts'
import { servingNow } from './serving.ts'
import { backendConfigOf } from './want.ts'

/** What a plan of the environment is judged by: what serves now, and whom it must not touch. */
export async function judgedEnvironment(
  store: Store,
  state: EnvironmentState,
  settings: DefaultedTerraformSettings,
): Promise<JudgedEnvironment> {
  const { aws } = state.environment.spec
  const backend = backendConfigOf(settings)
  return {
    protect: settings.protect ?? [],
    serving: await servingNow(store, state),
    accountId: aws.accountId,
    backend: {
      bucket: textOf(backend['bucket']),
      dynamodbTable: textOf(backend['dynamodb_table']),
      kmsKeyId: textOf(backend['kms_key_id']),
    },
    ownRoles: [
      ...(aws.via ?? []).map(({ roleArn }) => roleArn),
      aws.roleArn,
      settings.roleArn,
      settings.previewRoleArn,
    ].filter((role) => role !== undefined),
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
