import type { ApiClient } from '../../controller/api/client.ts'
import { createClient } from '../../controller/api/client.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { WEB } from '../../test/support/machine.ts'
import { IMAGE_REPOSITORY, makeCluster, makePair, REGION } from '../../test/support/machine/shape.ts'
import type { TestRepository } from '../../test/support/repository.ts'
import { createRepository } from '../../test/support/repository.ts'
import { startSteersman } from '../../test/support/steersman-process.ts'
import { makeTemporaryDirectory } from '../../test/support/temp-directory.ts'
import { writeConfig } from '../../test/support/town.ts'
import type { Closers } from '../bench/closers.ts'
import type { Witness } from './witness.ts'
import { watchSandbox } from './witness.ts'

/** What the soak plays in: the sandbox, where every write is seen as it comes, a git repository, and `steersman run` in a process of its own. */
export interface Town {
  readonly witness: Witness
  readonly repository: TestRepository
  readonly client: ApiClient
  readonly productionUrl: string
  /** Says that tasks of the version answer every request, health checks included, with this status. */
  answersAlways(version: string, status: number): Promise<void>
}

const SPEED = 50
const API_TIMEOUT_MS = 10_000

export async function openTown(closers: Closers): Promise<Town> {
  const directory = await makeTemporaryDirectory('steersman-soak')
  closers.add(directory.remove)
  const repository = createRepository()
  closers.add(() => repository.remove())
  const sandbox = await startSandbox({ port: 0, speed: SPEED })
  closers.add(() => sandbox.close())
  const witness = watchSandbox(sandbox)
  makeCluster(sandbox, 'demo')
  makePair(sandbox, WEB)
  const config = writeConfig(directory.path, { source: { repository: repository.path }, spec: {} })
  const controller = startSteersman(['run', '--config', config], {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    STEERSMAN_LISTENERS_URL: `${sandbox.url}/_sandbox/listeners`,
  })
  closers.add(async () => void (await controller.end()))
  const { url } = await controller.line(
    (line) => typeof line['url'] === 'string' && String(line['message']).includes('running at'),
    'the controller',
  )
  const rows = (await (await fetch(`${sandbox.url}/_sandbox/listeners`)).json()) as {
    readonly port: number
    readonly url: string
  }[]
  return {
    witness,
    repository,
    client: createClient({ server: String(url), timeoutMs: API_TIMEOUT_MS }),
    productionUrl: rows.find(({ port }) => port === WEB.port)?.url ?? '',
    async answersAlways(version, status) {
      const body = JSON.stringify({ image: `${IMAGE_REPOSITORY}:${version}`, behavior: { status } })
      const response = await fetch(`${sandbox.url}/_sandbox/images`, { method: 'POST', body })
      if (!response.ok) throw new Error(`the sandbox refused a behaviour: ${await response.text()}`)
    },
  }
}
