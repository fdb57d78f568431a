import { workerFiles } from '../../support/machine/worker-files.ts'
import type { SaidRelease } from './said.ts'
import type { Story } from './story.ts'

/** The documents of a release that is one service without a load balancer. */
export function workerDocuments(
  story: Story,
  release: string,
  { version, desiredCount, pin }: SaidRelease,
): Record<string, string> {
  return workerFiles({
    release,
    version,
    desiredCount,
    bake: story.pace === 'careful' ? '40s' : '8s',
    deadline: '5m',
    supersede: story.supersede,
    pin: pin === undefined ? undefined : `{rollout: ${pin}, reason: "as it was"}`,
    gates:
      story.gates === 'task'
        ? '[{name: migrate, when: BeforeProvision, task: {command: [npm, run, migrate]}, timeout: 1m}]'
        : undefined,
  })
}
