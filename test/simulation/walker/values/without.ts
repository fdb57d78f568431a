import type { Expected } from '../change.ts'
import { refusedAt } from './entry.ts'

/** What comes of leaving out a member that need not be there, where it is more than nothing. */
export const withoutThem: Readonly<Record<string, Expected>> = {
  'release /spec/image': refusedAt('taskDefinition:/containerDefinitions/0'),
  'release /spec/image/tag': refusedAt('release:/spec/image'),
  'release /spec/taskDefinition/file': refusedAt('release:/spec/taskDefinition'),
  'release /spec/traffic': refusedAt('release:/spec'),
  'release /spec/traffic/rule': refusedAt('release:/spec'),
  'release /spec/traffic/rule/port': refusedAt('release:/spec/traffic/rule'),
  'release /spec/traffic/test': refusedAt('release:/spec/gates/0'),
  'release /spec/traffic/test/port': refusedAt('release:/spec/traffic/test'),
  'release /spec/gates/*/http': refusedAt('release:/spec/gates/0'),
  'environment /spec/source/path': { kind: 'Removed' },
}
