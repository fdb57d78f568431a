import { describe, expect, it } from 'vitest'

import type { ApiClient, RolloutView, ViewEvent } from '../../controller/api/client.ts'
import {
  condition,
  environmentView,
  listOf,
  releaseView,
  rolloutView,
  shopClient,
  steersman,
  taskDefinition,
} from './stage.ts'

const client = shopClient()
const lines = (text: string): string[] => text.trimEnd().split('\n')

describe('get', () => {
  it('lists environments', async () => {
    expect(lines((await steersman(['get', 'environments'], { client })).out)).toEqual([
      'NAME   READY   BRANCH   HEAD       CURRENT    MESSAGE',
      'prod   True    prod     aaaaaaaa   aaaaaaaa   1 releases serve',
    ])
  })

  it('lists releases, wide', async () => {
    expect(lines((await steersman(['get', 'rel', '-o', 'wide'], { client })).out)).toEqual([
      'ENVIRONMENT   NAME   READY   LIVE    VERSION       BLUE/GREEN   ROLLOUT       REVISION             SINCE   DRIFT   MESSAGE',
      'prod          web    True    green   prod-web:57   0/100        prod-web-42   prod@sha1:aaaaaaaa   3m      0       the wanted version serves',
    ])
  })

  it('lists rollouts by name', async () => {
    expect((await steersman(['get', 'rollouts', '-o', 'name'], { client })).out).toBe(
      'rollout/prod-web-42\nrollout/prod-web-41\n',
    )
  })

  it('prints a list as one object', async () => {
    const { out, err } = await steersman(['get', 'releases', '-o', 'json'], { client })
    expect(JSON.parse(out)).toEqual(listOf('Release', [releaseView()]))
    expect(err).toBe('')
  })

  it.each(['prod/web', 'prod-web'])('prints the release %s as one object', async (name) => {
    const { out } = await steersman(['get', 'releases', name, '-o', 'json'], { client })
    expect(JSON.parse(out)).toEqual(releaseView())
  })

  it('prints an environment as YAML', async () => {
    expect((await steersman(['get', 'environment', 'prod', '-o', 'yaml'], { client })).out).toMatch(
      /^apiVersion: steersman.dev\/v1alpha1\nkind: Environment\n/,
    )
  })

  it('says that there is nothing', async () => {
    const empty: Partial<ApiClient> = { rollouts: () => Promise.resolve(listOf<RolloutView>('Rollout', [])) }
    expect((await steersman(['get', 'rollouts'], { client: empty })).out).toBe('no rollouts\n')
  })

  it('reads every page', async () => {
    const pages: (string | undefined)[] = []
    const releases: ApiClient['releases'] = (query) => {
      pages.push(query?.continue)
      const list = listOf('Release', [releaseView()])
      const more = pages.length < 3 ? { continue: `after-${pages.length}` } : {}
      return Promise.resolve({ ...list, metadata: { ...list.metadata, ...more } })
    }
    const { out } = await steersman(['get', 'releases', '-o', 'name'], { client: { releases } })
    expect(pages).toEqual([undefined, 'after-1', 'after-2'])
    expect(lines(out)).toHaveLength(3)
  })

  it('asks the server that is named', async () => {
    const servers: unknown[] = []
    await steersman(['get', 'environments', '--server', 'http://h:1'], {
      client,
      onServer: (server) => servers.push(server),
    })
    expect(servers).toEqual(['http://h:1'])
  })

  it('goes on with every change of its kind, one object a line', async () => {
    const requests: unknown[] = []
    async function* watch({
      signal: _signal,
      ...request
    }: Parameters<ApiClient['watch']>[0]): AsyncGenerator<ViewEvent> {
      requests.push(request)
      yield { type: 'MODIFIED', object: rolloutView(43) }
      yield await Promise.resolve<ViewEvent>({ type: 'ADDED', object: rolloutView(44) })
    }
    const { out, code } = await steersman(
      ['get', 'rollouts', '--watch', '-o', 'json', '--environment', 'prod'],
      {
        client: { ...client, watch },
      },
    )
    expect(code).toBe(0)
    expect(requests).toEqual([{ kinds: ['Rollout'], environment: 'prod', resourceVersion: '7' }])
    const names = lines(out).map((line) => (JSON.parse(line) as { metadata: { name: string } }).metadata.name)
    expect(names).toEqual(['prod-web-42', 'prod-web-41', 'prod-web-43', 'prod-web-44'])
  })
})

describe('history', () => {
  it('tells the attempts newest first', async () => {
    const failed = rolloutView(43, {
      status: { phase: 'RolledBack', outcome: 'RolledBack', message: 'gate smoke failed' },
    })
    const rollouts = [failed, rolloutView(42)]
    expect(
      lines((await steersman(['history', 'prod/web'], { client: shopClient({ rollouts }) })).out),
    ).toEqual([
      'NUMBER   VERSION   WHY      WHO                       OUTCOME      WHEN                   DURATION   MESSAGE',
      '43       v43       Commit   Dora <dora@example.com>   RolledBack   2026-11-21T11:50:00Z   4m         gate smoke failed',
      '42       v42       Commit   Dora <dora@example.com>   Succeeded    2026-11-21T11:50:00Z   4m         the new version serves',
    ])
  })
})

describe('status', () => {
  it('is short when all is well', async () => {
    expect(lines((await steersman(['status'], { client })).out)).toEqual([
      'prod  Ready',
      '  branch prod at aaaaaaaa "Add a cart", serving aaaaaaaa (deployment 42)',
      '  web  Ready  green serves prod-web:57 since 3m, blue 0 / green 100',
    ])
  })

  it('says what is wrong and what to do next', async () => {
    const environment = environmentView({
      conditions: [
        condition('Ready', 'False', 'NotRead', 'no'),
        condition('Stalled', 'True', 'ManifestInvalid', '1 issue'),
      ],
      issues: ['deploy/releases/web.yaml:3:1 /spec: bad; expected good'],
      paused: { by: 'dora', at: '2026-11-21T11:00:00Z' },
    })
    const release = releaseView({
      conditions: [condition('Stalled', 'True', 'GateFailed', 'gate smoke failed')],
      failed: [{ digest: 'sha256:1', reason: 'GateFailed', at: '2026-11-21T11:00:00Z' }],
      drift: [
        {
          path: '/service/desiredCount',
          wanted: '3',
          live: '5',
          owner: 'Steersman',
          class: 'service',
          since: 'x',
        },
      ],
      pinned: { rollout: 41, reason: 'the cart' },
    })
    expect(
      lines((await steersman(['status', 'prod'], { client: shopClient({ environment, release }) })).out),
    ).toEqual([
      'prod  Stalled',
      '  branch prod at aaaaaaaa "Add a cart", serving aaaaaaaa (deployment 42)',
      '  ! deploy/releases/web.yaml:3:1 /spec: bad; expected good',
      '  ! 1 issue',
      '    next: correct the manifests and push; `steersman validate` finds the same issues before a push',
      '  * paused by dora at 2026-11-21T11:00:00Z: nothing is written',
      '    next: `steersman resume prod` ends it',
      '  web  Stalled  green serves prod-web:57 since 3m, blue 0 / green 100',
      '    ! GateFailed: gate smoke failed',
      '      next: push a version that works, or `steersman retry prod/web` when the cause is gone; `steersman history prod/web` shows what was tried',
      '    * drift at /service/desiredCount: wanted 3, live 5 (Steersman)',
      '    * 1 drifted field',
      '      next: `steersman diff prod/web` shows what would be done',
      '    * pinned: the cart',
      '      next: `steersman unpin prod/web` follows the branch again',
    ])
  })

  it.each([
    [{ message: 'moving' }, 'Shifting step 1 of 3: moving'],
    [
      { message: 'step 1 of 3: 10 % for 2m more', deadlineAt: '2026-01-01T00:30:00Z' },
      'Shifting: step 1 of 3: 10 % for 2m more; goes back at 2026-01-01T00:30:00Z if it is not done',
    ],
  ])('tells the rollout that runs: %j', async (told, expected) => {
    const release = releaseView({
      conditions: [
        condition('Reconciling', 'True', 'Baking', 'x'),
        condition('Ready', 'False', 'Baking', 'x'),
      ],
    })
    const running = {
      ...rolloutView(42),
      status: { phase: 'Shifting' as const, step: 1, steps: 3, ...told },
    }
    const { out } = await steersman(['status'], { client: shopClient({ release, rollouts: [running] }) })
    expect(out).toContain(`    prod-web-42 brings v42, ${expected}\n`)
  })

  it('has colours where the terminal has them, and nothing of them in messages', async () => {
    const release = releaseView({ conditions: [condition('Stalled', 'True', 'X', 'a\u001b[2Jb')] })
    const { out } = await steersman(['status'], { client: shopClient({ release }), hasColor: true })
    expect(out).toContain('\u001b[32mReady\u001b[0m')
    expect(out).not.toContain('\u001b[2J')
  })

  it('is one object with -o json', async () => {
    const { out } = await steersman(['status', '-o', 'json'], { client })
    expect(Object.keys(JSON.parse(out) as object)).toEqual(['environments', 'releases', 'rollouts'])
  })
})

describe('asking for something', () => {
  it.each([
    ['pause', 'prod', 'pauseEnvironment', 'prod'],
    ['resume', 'prod', 'resumeEnvironment', 'prod'],
    ['reconcile', 'prod', 'reconcileEnvironment', 'prod'],
    ['retry', 'prod/web', 'retryRelease', { environment: 'prod', release: 'web' }],
    ['restart', 'prod/web', 'restartRelease', { environment: 'prod', release: 'web' }],
  ] as const)('%s asks the controller, and prints what it answered', async (verb, name, method, argument) => {
    const asked: unknown[] = []
    const answering = {
      [method]: (given: unknown) => {
        asked.push(given)
        return Promise.resolve(environmentView())
      },
    } as Partial<ApiClient>
    const text = await steersman([verb, name], { client: answering })
    expect({ code: text.code, lines: lines(text.out).length }).toEqual({ code: 0, lines: 1 })
    const json = await steersman([verb, name, '-o', 'json'], { client: answering })
    expect(JSON.parse(json.out)).toEqual(environmentView())
    expect(asked).toEqual([argument, argument])
  })
})

describe('what people decide of Terraform', () => {
  it.each([
    [['approve', 'prod', '--plan', 'sha256:1'], 'approvePlan', ['prod', 'sha256:1'], 'the plan is approved'],
    [
      ['unlock', 'prod', '--id', 'lock-1'],
      'unlockState',
      ['prod', 'lock-1'],
      'the lock is freed if it is still',
    ],
  ] as const)('terraform %j asks the controller', async (words, method, asked, said) => {
    const given: unknown[] = []
    const answering = {
      [method]: (...args: unknown[]) => {
        given.push(args)
        return Promise.resolve(environmentView())
      },
    } as Partial<ApiClient>
    const { code, out } = await steersman(['terraform', ...words], { client: answering })
    expect({ code, given }).toEqual({ code: 0, given: [asked] })
    expect(out).toContain(said)
  })

  it('terraform outputs shows what releases may use', async () => {
    const outputs = { web: 'arn:1', sizes: [1, 2] } as never
    const answering = {
      environment: () => Promise.resolve(environmentView({ infrastructure: { outputs } })),
    }
    const text = await steersman(['terraform', 'outputs', 'prod'], { client: answering })
    expect(lines(text.out)).toEqual(['OUTPUT   VALUE', 'web      arn:1', 'sizes    [1,2]'])
    const json = await steersman(['terraform', 'outputs', 'prod', '-o', 'json'], { client: answering })
    expect(JSON.parse(json.out)).toEqual(outputs)
  })
})

describe('pin, unpin and rollback', () => {
  const pins: unknown[] = []
  const commitPin = (request: { environment: string; release: string; pin: unknown; message: string }) => {
    const { environment, release, pin, message } = request
    pins.push({ environment, release, pin, message })
    return Promise.resolve({ branch: 'prod', path: 'deploy/overlays/prod/web.yaml', commit: 'c'.repeat(40) })
  }
  const variables = { STEERSMAN_CONFIG: 'config' }

  it.each([
    [
      ['pin', 'prod/web', '--rollout', '41', '--reason', 'the cart'],
      { rollout: 41, reason: 'the cart' },
      'Pin prod/web to rollout 41\n\nthe cart',
    ],
    [
      ['pin', 'prod/web', '--task-definition', taskDefinition(57), '--reason', 'x'],
      { taskDefinition: taskDefinition(57), reason: 'x' },
      `Pin prod/web to ${taskDefinition(57)}\n\nx`,
    ],
    [['unpin', 'prod/web'], null, 'Unpin prod/web'],
    [
      ['rollback', 'prod/web', '--to', '40', '--reason', 'errors'],
      { rollout: 40, reason: 'errors' },
      'Roll prod/web back to rollout 40\n\nerrors',
    ],
  ])('%j commits the pin', async (args, pin, message) => {
    pins.length = 0
    const { code, out } = await steersman(args, { starters: { commitPin }, variables, client })
    expect({ code, out }).toEqual({
      code: 0,
      out: 'prod/web: committed cccccccc to prod (deploy/overlays/prod/web.yaml); the controller follows with its next look\n',
    })
    expect(pins).toEqual([{ environment: 'prod', release: 'web', pin, message }])
  })

  it('says when the branch says so already', async () => {
    const unchanged = () => Promise.resolve({ branch: 'prod', path: 'x', commit: undefined })
    const { out } = await steersman(['unpin', 'prod/web'], { starters: { commitPin: unchanged }, variables })
    expect(out).toBe('prod/web: the branch prod says so already, nothing was committed\n')
  })

  it('goes back to the last good version before the live one', async () => {
    pins.length = 0
    const failed = rolloutView(44, { status: { outcome: 'RolledBack' } })
    const restarted = rolloutView(43, { revision: 42 })
    const rollouts = [failed, restarted, rolloutView(42), rolloutView(41), rolloutView(40)]
    await steersman(['rollback', 'prod/web'], {
      starters: { commitPin },
      variables,
      client: shopClient({ rollouts }),
    })
    expect(pins).toMatchObject([{ pin: { rollout: 41, reason: 'rolled back to rollout 41' } }])
  })

  it('goes back to what served before the first rollout, such as what was adopted', async () => {
    pins.length = 0
    const { spec, ...first } = rolloutView(1)
    const from = { side: 'blue', taskDefinition: taskDefinition(7) } as const
    await steersman(['rollback', 'prod/web'], {
      starters: { commitPin },
      variables,
      client: shopClient({ rollouts: [{ ...first, spec: { ...spec, from } }] }),
    })
    const pin = { taskDefinition: taskDefinition(7), reason: 'rolled back to prod-web:7' }
    expect(pins).toMatchObject([{ pin, message: `Roll prod/web back to prod-web:7\n\n${pin.reason}` }])
  })

  it('says that there is nothing to go back to', async () => {
    const { code, err } = await steersman(['rollback', 'prod/web'], {
      variables,
      client: shopClient({ rollouts: [rolloutView(1)] }),
    })
    expect({ code, err }).toEqual({
      code: 1,
      err: 'error: prod/web has served nothing else; only v1 has; revert the commit in git, or pin a task definition\n',
    })
  })
})
