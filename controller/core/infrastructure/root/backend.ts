import { IDENTITY_SETTINGS } from './identity.ts'
import { bodies, labelledBlocks, settingNames } from './parsed.ts'
import type { ParsedModule, RootIssue, RootPolicy } from './parsed.ts'

/** The state must lie where the environment says: in a backend of an allowed type, reached as Steersman reaches it. */
export function backendIssues({ folder, files }: ParsedModule, policy: RootPolicy): RootIssue[] {
  const backends = files.flatMap(({ path, blocks }) =>
    bodies(blocks['terraform']).flatMap(({ backend }) =>
      labelledBlocks(backend, 1).map((block) => ({ path, ...block })),
    ),
  )
  if (backends.length === 0)
    return [
      {
        file: folder,
        rule: 'NoBackend',
        message: `the root has no backend block, so its state would be lost; expected backend ${policy.backends.join(' or ')}`,
      },
    ]
  return backends.flatMap(({ path, labels: [type = ''], body }) => [
    ...(policy.backends.includes(type)
      ? []
      : [
          {
            file: path,
            rule: 'OtherBackend',
            message: `backend ${type} is not allowed; expected ${policy.backends.join(', ')}`,
          },
        ]),
    ...settingNames(body)
      .filter((setting) => IDENTITY_SETTINGS.has(setting))
      .map((setting) => ({
        file: path,
        rule: 'ProviderIdentity',
        message: `backend ${type} sets ${setting}; expected none: Steersman says as whom and where Terraform acts`,
      })),
  ])
}
