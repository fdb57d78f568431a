import type { Variant } from './entry.ts'
import { refusedAt, REMOVED } from './entry.ts'

const MAIN = 'taskDefinition:/containerDefinitions/0'
const SECOND = 'taskDefinition:/containerDefinitions/1'

const serves = (pointer: string, value: unknown): Variant => ({
  says: `${pointer} = ${JSON.stringify(value)}`,
  set: { [pointer]: value },
})

const refuses = (pointer: string, value: unknown, at = pointer): Variant => ({
  ...serves(pointer, value),
  expected: refusedAt(at),
})

/** What there is to try in the file that `spec.taskDefinition.file` names. */
export const taskDefinitionVariants: readonly Variant[] = [
  serves('taskDefinition:/memory', '1024'),
  {
    says: 'a larger task',
    set: { 'taskDefinition:/cpu': '512', 'taskDefinition:/memory': '1024' },
  },
  serves(`${MAIN}/environment`, [{ name: 'MODE', value: 'walker' }]),
  serves(`${MAIN}/environment`, [
    { name: 'MODE', value: 'other' },
    { name: 'PLACE', value: '${environment} in ${region}' },
  ]),
  serves(`${MAIN}/command`, ['serve', '--all']),
  serves(`${MAIN}/dockerLabels`, { team: 'shop' }),
  serves(`${MAIN}/stopTimeout`, 20),
  serves(`${MAIN}/readonlyRootFilesystem`, true),
  serves('taskDefinition:/runtimePlatform', { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' }),
  serves('taskDefinition:/family', '${environment}-web'),
  {
    says: 'a second container',
    set: { [SECOND]: { name: 'log-router', image: 'public.ecr.aws/fluent-bit:2', essential: false } },
  },
  {
    says: 'a second port, and which one is meant',
    set: {
      [`${MAIN}/portMappings/1`]: { containerPort: 9090, protocol: 'tcp' },
      'release:/spec/traffic/containerPort': 8080,
    },
  },
  refuses('taskDefinition:/cpu', 256),
  refuses('taskDefinition:/memory', 512),
  refuses('taskDefinition:/family', 'other'),
  refuses('taskDefinition:/containerDefinitions', []),
  refuses('taskDefinition:/containerDefinitions', 'web'),
  refuses('taskDefinition:/revision', 1),
  refuses('taskDefinition:/nonsense', 'x'),
  refuses(`${MAIN}/nonsense`, 'x'),
  refuses(`${MAIN}/portMappings`, [], MAIN),
  refuses(`${MAIN}/name`, '', MAIN),
  refuses('taskDefinition:/tags', [{ key: 'steersman.dev/x', value: 'y' }], 'taskDefinition:/tags/0/key'),
  refuses(`${MAIN}/environment`, [{ name: 'X', value: '${nonsense}' }], `${MAIN}/environment/0/value`),
  { ...refuses(SECOND, { name: 'web', image: 'x' }, `${SECOND}/name`), says: 'two containers of one name' },
  { ...refuses(SECOND, { name: 'other' }, SECOND), says: 'a container without an image' },
  {
    says: 'no containers',
    set: { 'taskDefinition:/containerDefinitions': REMOVED },
    expected: refusedAt('taskDefinition:'),
  },
  {
    says: 'a size that Fargate does not have',
    set: { 'taskDefinition:/cpu': '300' },
    expected: { kind: 'Stalled', reason: 'InvalidRequest' },
  },
]
