import type { ApplyPolicy } from '../../core/infrastructure/permission.ts'
import type { PlanRequest } from '../context.ts'
import { CommandError } from '../errors.ts'

/** The options of `terraform plan`, as they were given. */
export interface PlanOptions {
  readonly ref?: string
  readonly root?: string
  readonly config?: string
  readonly repository: string
  readonly workspace: string
  readonly varFile: readonly string[]
  readonly backendConfig: readonly string[]
  readonly environment?: string
  readonly image: readonly string[]
  readonly account?: string
  readonly ownRole: readonly string[]
  readonly protect: readonly string[]
  readonly apply: string
  readonly backend: string
  readonly provider: readonly string[]
  readonly module: readonly string[]
  readonly binary: string
  readonly output?: string
}

/** What is asked for; throws a CommandError for an option that can't be meant. */
export function planRequest(options: PlanOptions): Omit<PlanRequest, 'signal' | 'onEvent'> {
  const backendConfig = pairs('--backend-config', options.backendConfig)
  const images = pairs('--image', options.image)
  const { environment, ref, root } = options
  if (ref === undefined || root === undefined)
    throw new CommandError('nobody can say which root is meant', {
      remedy: 'give the name of an environment, or --ref BRANCH and --root FOLDER',
    })
  return {
    repository: options.repository,
    branch: ref,
    root: folderOf(root),
    workspace: options.workspace,
    varFiles: options.varFile,
    backendConfig,
    variables: {
      ...(environment === undefined ? {} : { environment }),
      ...(Object.keys(images).length === 0 ? {} : { images }),
    },
    binary: oneOf('--binary', options.binary, ['terraform', 'tofu']),
    policy: {
      backends: [options.backend],
      providers: ['hashicorp/aws', ...options.provider],
      modules: options.module,
    },
    environment: {
      protect: options.protect,
      serving: undefined,
      accountId: options.account,
      backend: {
        bucket: backendConfig['bucket'],
        dynamodbTable: backendConfig['dynamodb_table'],
        kmsKeyId: backendConfig['kms_key_id'],
      },
      ownRoles: options.ownRole,
    },
    apply: oneOf<ApplyPolicy>('--apply', options.apply, ['Never', 'Safe', 'Always']),
  }
}

/** `./terraform/app/` is what shells complete. */
function folderOf(text: string): string {
  const folder = text.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '')
  return folder === '.' ? '' : folder
}

function oneOf<Known extends string>(option: string, given: string, known: readonly Known[]): Known {
  const found = known.find((each) => each === given)
  if (found !== undefined) return found
  throw new CommandError(`${option} is ${JSON.stringify(given)}`, { remedy: `give ${known.join(', ')}` })
}

function pairs(option: string, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, key, value] = /^([\w./-]+)=(.*)$/s.exec(text) ?? []
      if (key === undefined || value === undefined)
        throw new CommandError(`${option} is ${JSON.stringify(text)}`, { remedy: 'give key=value' })
      return [key, value]
    }),
  )
}
