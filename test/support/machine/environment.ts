import type { DefaultedEnvironment } from '../../../controller/resources/types.ts'
import { validateEnvironment } from '../../../controller/resources/validate.ts'
import { ACCOUNT, REGION } from './shape.ts'

export type EnvironmentSpec = Readonly<Record<string, unknown>>

/** An Environment on the branch of its name, with every default filled in; members of `spec` go over the usual ones. */
export function environmentOf(
  name: string,
  { path, spec }: { readonly path: string; readonly spec: EnvironmentSpec },
): DefaultedEnvironment {
  const { source, ...rest } = spec
  const checked = validateEnvironment({
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Environment',
    metadata: { name },
    spec: {
      source: {
        repository: path,
        branch: name,
        path: 'deploy',
        interval: '1s',
        ...(source as object | undefined),
      },
      aws: { region: REGION, accountId: ACCOUNT },
      ...rest,
    },
  })
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join('; '))
  return checked.value
}
