import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { adopt } from '../support/adopt-command.ts'
import { makeExistingService } from '../support/existing-service.ts'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'
import { startTown } from '../support/town.ts'

/** What the environment's role and releases may touch: the family of the service that was there before, too. */
const ALLOW = {
  clusters: ['demo'],
  loadBalancers: ['demo'],
  families: ['demo-*', 'shop-web'],
  executionRoles: ['*'],
  taskRoles: ['*'],
}

it('adopts a service under load, deploys its next version and goes back, without a failed request', async (context) => {
  const town = await startTown(context, { world: 'empty', spec: { allow: ALLOW } })
  const { taskDefinition } = await makeExistingService(town.sandboxUrl)
  const load = await town.load()
  const clone = await makeTemporaryDirectory('steersman-clone')
  context.onTestFinished(() => clone.remove())

  const before = await town.writes()
  const planned = await adopt(town)
  expect(planned).toMatchObject({ code: 2, value: { refusals: [], adoptable: true, done: [] } })
  expect(await town.writes()).toEqual(before)

  const adopted = await adopt(town, '--apply', '--yes', '--write', clone.path)
  expect(adopted).toMatchObject({ code: 0, value: { moves: [] } })
  expect(adopted.value.done).toEqual(planned.value.moves)
  expect(await adopt(town)).toMatchObject({ code: 0, value: { moves: [] } })

  const files = Object.fromEntries(
    adopted.value.files.map(({ path }) => [path, readFileSync(join(clone.path, path), 'utf8')]),
  )
  const afterAdoption = await town.writes()
  const controller = await town.run()
  const first = town.repository.commit(files, { branch: 'demo' })
  await controller.untilDeployed(first)
  await controller.reconcile()
  await load.more(200)
  expect(await town.writes()).toEqual(afterAdoption)
  expect(await controller.get('/rollouts')).toMatchObject({ items: [] })
  expect(await controller.get('/releases/demo/web')).toMatchObject({
    status: {
      live: { side: 'blue', taskDefinition },
      traffic: { blue: 100, green: 0 },
      // Neither Drifted nor anything else that would be told.
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  })
  expect(load.versions()).toEqual(['v1'])

  const path = 'deploy/releases/web.yaml'
  const quick = String(files[path]).replace('bake: 5m', 'bake: 100ms')
  const second = town.repository.commit(
    { ...files, [path]: quick.replace('tag: v1', 'tag: v2') },
    { branch: 'demo' },
  )
  await controller.untilDeployed(second)
  expect(await controller.get('/rollouts/demo-web-1')).toMatchObject({
    spec: { from: { side: 'blue', taskDefinition }, to: { side: 'green' } },
    status: { outcome: 'Succeeded' },
  })
  const swapped = performance.now()
  await load.more(200)
  expect(load.versionsSince(swapped)).toEqual(['v2'])

  const back = town.repository.commit({ ...files, [path]: quick }, { branch: 'demo' })
  await controller.untilDeployed(back)
  const returned = performance.now()
  await load.more(200)
  expect(load.versionsSince(returned)).toEqual(['v1'])
  expect(await controller.get('/rollouts/demo-web-2')).toMatchObject({
    spec: { taskDefinition, to: { side: 'blue' } },
    status: { outcome: 'Succeeded' },
  })
  await load.stop()
  expect(load.failures()).toEqual([])
  expect(town.records()).toEqual([1, 2, 3])
  const [begun, ended] = [load.answers[0]?.sentAt ?? 0, load.answers.at(-1)?.answeredAt ?? 0]
  const perSecond = Math.round((load.answers.length * 1000) / (ended - begun))
  process.stdout.write(
    `adopt: ${load.answers.length} requests (${perSecond}/s), ${load.failures().length} failed\n`,
  )
  expect(perSecond).toBeGreaterThan(50)
})
