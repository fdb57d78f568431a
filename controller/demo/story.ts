import type { Chapter, ChapterResult, Check, Stage } from './stage.ts'
import { ended, now, releaseKey, rollouts, until, untilDeployed } from './stage.ts'
import { imageOf } from './cloud.ts'

/** What is shown, in order. Each chapter does one thing and then looks whether what was promised came true. */
export const story: readonly Chapter[] = [
  {
    title:
      'The branch holds v1, and nothing runs yet: Steersman starts it, asks its smoke gate, and gives it the traffic.',
    play: firstDeploy,
  },
  {
    title:
      'A merge brings v2: the idle side starts it, the gate passes, the weights swap, the old side stays warm.',
    play: secondVersion,
  },
  {
    title: 'A merge brings v3, whose health check passes although it is broken: the smoke gate refuses it.',
    play: refusedVersion,
  },
  {
    title:
      'A secret was rotated, so somebody asks for a restart: the same version with new tasks, by another swap.',
    play: restart,
  },
  {
    title:
      'Somebody edits the weights and the task count by hand: Steersman sees it as drift and puts it right.',
    play: drift,
  },
  { title: 'Somebody pins the release to what rollout 1 served: back to v1 in one swap.', play: pin },
]

const CURRENT_TAG = 'deploy/demo/current'

async function firstDeploy(stage: Stage): Promise<ChapterResult> {
  const commit = await stage.shop.commit('Say hello', (yaml) => `# The shop.\n${yaml}`)
  const deployed = await untilDeployed(stage, commit)
  if (deployed) stage.load.expect('v1')
  const served = await until(stage, () => Promise.resolve((stage.load.counts().byVersion['v1'] ?? 0) > 50))
  return { checks: [check('v1 serves users', deployed && served), await tagIs(stage, commit)] }
}

async function secondVersion(stage: Stage): Promise<ChapterResult> {
  const before = await now(stage)
  stage.load.expect('v1', 'v2')
  const commit = await stage.shop.merge('v2', (yaml) => yaml.replace('tag: v1', 'tag: v2'))
  const deployed = await untilDeployed(stage, commit)
  if (deployed) stage.load.expect('v2')
  const rollout = (await rollouts(stage))[0]
  const oldSide = before?.release.status?.live?.side === 'blue' ? 'blue' : 'green'
  const weights = stage.cloud.weights()
  return {
    checks: [
      check('v2 serves', deployed && rollout?.status?.outcome === 'Succeeded'),
      check(`the smoke gate passed before any user was sent there`, gatePassedBeforeShift(rollout)),
      check(`the weights swapped to the other side`, weights[oldSide] === 0),
      check(
        `the ${oldSide} side stays warm with ${stage.cloud.desiredCount(oldSide)} tasks of v1`,
        stage.cloud.desiredCount(oldSide) === 2,
      ),
      await tagIs(stage, commit),
    ],
  }
}

const gatePassedBeforeShift = (
  rollout: Awaited<ReturnType<typeof rollouts>>[number] | undefined,
): boolean => {
  const gate = rollout?.status?.gates?.find(({ name }) => name === 'smoke')
  const shiftedAt = rollout?.status?.shiftedAt
  return (
    gate?.result === 'Passed' &&
    gate.finishedAt !== undefined &&
    shiftedAt !== undefined &&
    gate.finishedAt <= shiftedAt
  )
}

async function refusedVersion(stage: Stage): Promise<ChapterResult> {
  await stage.cloud.setBehavior(imageOf('v3'), {
    body: '{"error":"v3 can not reach its database","version":"broken-v3"}',
  })
  const tagBefore = await stage.shop.tagged(CURRENT_TAG)
  const number = await nextNumber(stage)
  await stage.shop.merge('v3', (yaml) => yaml.replace('tag: v2', 'tag: v3'))
  const rollout = await ended(stage, number)
  const reason = rollout?.status?.message ?? ''
  stage.say(
    `    ${rollout?.metadata.name ?? 'no rollout'} ended as ${rollout?.status?.outcome ?? 'nothing'}: ${reason}`,
  )
  const remembered = await until(
    stage,
    async () =>
      (await now(stage))?.release.status?.conditions?.some(
        ({ type, reason: code }) => type === 'Stalled' && code === 'GateFailed',
      ) ?? false,
  )
  const { byVersion } = stage.load.counts()
  return {
    checks: [
      check(
        'the rollout was rolled back, with the gate as the reason',
        rollout?.status?.outcome === 'RolledBack' && reason.includes('smoke'),
      ),
      check(
        'no user was ever sent to v3',
        byVersion['broken-v3'] === undefined && byVersion['unknown'] === undefined,
      ),
      check('the release says what failed and what to do next', remembered),
      check(`${CURRENT_TAG} stays where it was`, tagBefore === (await stage.shop.tagged(CURRENT_TAG))),
    ],
  }
}

async function restart(stage: Stage): Promise<ChapterResult> {
  const before = await nextNumber(stage)
  const back = await stage.shop.commit('Take v3 back', (yaml) => yaml.replace('tag: v3', 'tag: v2'))
  const deployed = await untilDeployed(stage, back)
  const side = (await now(stage))?.release.status?.live?.side === 'blue' ? 'blue' : 'green'
  const tasksBefore = stage.cloud.taskArns(side)
  const number = await nextNumber(stage)
  const swapped = number - before
  await stage.client.restartRelease(releaseKey)
  const rollout = await ended(stage, number)
  const other = side === 'blue' ? 'green' : 'blue'
  const tasksAfter = stage.cloud.taskArns(other)
  return {
    checks: [
      check(
        stage.isTerraform
          ? 'v2 is wanted again: Terraform registers it, and its tasks take the traffic'
          : 'v2 is wanted again, and since it serves already nothing was deployed',
        deployed && swapped === (stage.isTerraform ? 1 : 0),
      ),
      check(
        'new tasks of the same version took the traffic',
        rollout?.status?.outcome === 'Succeeded' && stage.cloud.weights()[side] === 0,
      ),
      check(
        'none of them is an old one',
        tasksAfter.length === 2 && !tasksAfter.some((task) => tasksBefore.includes(task)),
      ),
    ],
  }
}

async function drift(stage: Stage): Promise<ChapterResult> {
  await until(
    stage,
    async () =>
      (await now(stage))?.release.status?.conditions?.some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      ) ?? false,
  )
  const side = (await now(stage))?.release.status?.live?.side === 'blue' ? 'blue' : 'green'
  const wanted = side === 'blue' ? { blue: 100, green: 0 } : { blue: 0, green: 100 }
  const watching = new AbortController()
  const seen = watchDrift(stage, watching.signal)
  stage.cloud.setWeights({ blue: 50, green: 50 })
  stage.cloud.setDesiredCount(side, 3)
  const weightsBack = await until(stage, () =>
    Promise.resolve(JSON.stringify(stage.cloud.weights()) === JSON.stringify(wanted)),
  )
  const countBack = await until(stage, () => Promise.resolve(stage.cloud.desiredCount(side) === 2))
  const told = await until(stage, () => Promise.resolve(seen.traffic && seen.service))
  watching.abort()
  return {
    checks: [
      check('the edited weights were seen as drift', told && seen.traffic),
      check('the edited task count was seen as drift', told && seen.service),
      check('the weights are back', weightsBack),
      check('the task count is back', countBack),
    ],
    driftCorrected: Number(weightsBack && seen.traffic) + Number(countBack && seen.service),
  }
}

/** Follows the release's status as the API tells it, since a drift that is mended at once is soon gone from it. */
function watchDrift(stage: Stage, signal: AbortSignal): { traffic: boolean; service: boolean } {
  const seen = { traffic: false, service: false }
  const follow = async (): Promise<void> => {
    for await (const event of stage.client.watch({ kinds: ['Release'], signal })) {
      if (event.object.kind !== 'Release') continue
      for (const field of event.object.status?.drift ?? []) {
        if (field.path.includes('Weight')) seen.traffic = true
        if (field.path === '/service/desiredCount') seen.service = true
      }
    }
  }
  follow().catch(() => undefined)
  return seen
}

async function pin(stage: Stage): Promise<ChapterResult> {
  const number = await nextNumber(stage)
  stage.load.expect('v1', 'v2')
  const commit = await stage.shop.commit('Go back to v1', (yaml) =>
    yaml.replace('spec:\n', 'spec:\n  pin: { rollout: 1, reason: the prices of v2 are wrong }\n'),
  )
  const rollout = await ended(stage, number)
  const deployed = await untilDeployed(stage, commit)
  if (deployed) stage.load.expect('v1')
  const asked = stage.load.counts().byVersion['v1'] ?? 0
  const served = await until(stage, () =>
    Promise.resolve((stage.load.counts().byVersion['v1'] ?? 0) > asked + 50),
  )
  const pinned = (await now(stage))?.release.status?.pinned?.rollout === 1
  return {
    checks: [
      check('v1 serves again', deployed && served),
      check(
        'it took one rollout, because of the pin',
        rollout?.spec.why === 'Pin' &&
          rollout.status?.outcome === 'Succeeded' &&
          (await nextNumber(stage)) === number + 1,
      ),
      check('the release says that it is pinned, and why', pinned),
      await tagIs(stage, commit),
    ],
  }
}

async function nextNumber(stage: Stage): Promise<number> {
  return ((await rollouts(stage))[0]?.spec.number ?? 0) + 1
}

async function tagIs(stage: Stage, commit: string): Promise<Check> {
  return check(
    `${CURRENT_TAG} names ${commit.slice(0, 8)}`,
    (await stage.shop.tagged(CURRENT_TAG)) === commit,
  )
}

const check = (what: string, seen: boolean): Check => ({ what, seen })
