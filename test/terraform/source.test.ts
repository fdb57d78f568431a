import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { attributeOf, blocksOf, hasBlock, textOf } from '../../scripts/terraform-reference/blocks.ts'
import type { Block } from '../../scripts/terraform-reference/blocks.ts'

const root = new URL('../..', import.meta.url).pathname
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const folders = globSync('terraform/{modules,roots}/*', { cwd: root }).toSorted()
const filesOf = (folder: string) => globSync(`${folder}/*.tf`, { cwd: root }).toSorted()
const blocks = (folder: string): Block[] => filesOf(folder).flatMap((file) => blocksOf(read(file)))
const named = (folder: string, kind: string, ...labels: string[]): Block => {
  const found = blocks(folder).find((block) => block.kind === kind && block.labels.join() === labels.join())
  if (found === undefined) throw new Error(`${folder} has no ${kind} ${labels.join(' ')}`)
  return found
}
/** The lines of a block inside a block. */
const inside = (block: Block, kind: string): string => {
  const start = block.lines.indexOf(`  ${kind} {`)
  const end = block.lines.indexOf('  }', start)
  return start === -1 ? '' : block.lines.slice(start + 1, end).join('\n')
}

describe.each(folders)('%s', (folder) => {
  it('has a typed, described and validated variable for each input', () => {
    const variables = blocks(folder).filter(({ kind }) => kind === 'variable')
    const faults = variables.flatMap((variable) => {
      const type = attributeOf(variable, 'type')
      // There is no wrong value of a bool but null.
      const isChecked =
        hasBlock(variable, 'validation') || (type === 'bool' && attributeOf(variable, 'nullable') === 'false')
      const faultsHere = [
        type === undefined || type === 'any' ? 'has no type' : '',
        /\w.*(?:\.|https:\/\/\S+)$/u.test(textOf(variable, 'description') ?? '') ? '' : 'has no description',
        isChecked ? '' : 'is not validated',
      ]
      return faultsHere.filter((fault) => fault !== '').map((fault) => `${variable.labels.join()} ${fault}`)
    })
    expect(variables.length).toBeGreaterThan(0)
    expect(faults).toEqual([])
  })

  it('describes each output', () => {
    const outputs = blocks(folder).filter(({ kind }) => kind === 'output')
    expect(outputs.length).toBeGreaterThan(0)
    expect(outputs.filter((output) => (textOf(output, 'description') ?? '') === '')).toEqual([])
  })

  it('takes the AWS provider from 5.100 to before 7, and runs nothing on the machine that plans it', () => {
    const text = filesOf(folder).map(read).join('\n')
    expect(text).toContain('version = ">= 5.100, < 7"')
    expect(text).not.toMatch(
      /\bprovisioner\b|"external"|"local_file"|shared_config_files|profile *=|assume_role *\{|endpoints *\{|cloud *\{|terraform_remote_state/u,
    )
  })

  it('has a README with an example', () => {
    expect(read(`${folder}/README.md`)).toMatch(/```(?:hcl|console|yaml)\n/u)
  })
})

describe('modules', () => {
  const modules = folders.filter((folder) => folder.startsWith('terraform/modules/'))

  it('are those that the roots are made of, and those for the controller itself', () => {
    expect(modules.map((folder) => folder.split('/').at(-1))).toEqual([
      'cache',
      'cluster',
      'database',
      'events',
      'identity',
      'network',
      'observability',
      'registry',
      'service',
      'state',
      'state-table',
      'steersman',
    ])
  })

  it.each(modules)('have a test of their own: %s', (folder) => {
    const name = folder.split('/').at(-1) ?? ''
    expect(existsSync(join(root, folder, 'tests', `${name}.tftest.hcl`))).toBe(true)
  })

  it('make no provider: whoever uses them does', () => {
    expect(modules.filter((folder) => blocks(folder).some(({ kind }) => kind === 'provider'))).toEqual([])
  })
})

describe('what Steersman moves', () => {
  const service = 'terraform/modules/service'

  it('is ignored on both services, which are made without a task', () => {
    const block = named(service, 'resource', 'aws_ecs_service', 'side')
    expect(inside(block, 'lifecycle').trim()).toBe('ignore_changes = [task_definition, desired_count]')
    expect(attributeOf(block, 'desired_count')).toBe('0')
    expect(attributeOf(block, 'for_each')).toBe('local.sides')
  })

  it.each(['production', 'test'])('is ignored on the %s rule as a whole action', (name) => {
    const block = named(service, 'resource', 'aws_lb_listener_rule', name)
    expect(inside(block, 'lifecycle').trim()).toBe('ignore_changes = [action]')
    expect(block.lines.join('\n')).toContain(`for_each = local.${name}_weights`)
  })

  it.each(['production', 'test'])('is ignored on the %s listener as a whole default action', (name) => {
    const block = named('terraform/modules/cluster', 'resource', 'aws_lb_listener', name)
    expect(inside(block, 'lifecycle').trim()).toBe('ignore_changes = [default_action]')
  })

  it('begins with all of production on blue and all tests on green', () => {
    const text = read(`${service}/traffic.tf`)
    expect(text).toContain('production_weights = { blue = 100, green = 0 }')
    expect(text).toContain('test_weights       = { blue = 0, green = 100 }')
  })

  it('stays registered: each task definition has skip_destroy', () => {
    const definitions = folders
      .flatMap(blocks)
      .filter(({ labels }) => labels[0] === 'aws_ecs_task_definition')
    expect(definitions.map((block) => attributeOf(block, 'skip_destroy'))).toEqual(['true', 'true'])
  })

  it('is ignored on the scalable targets', () => {
    const block = named(service, 'resource', 'aws_appautoscaling_target', 'side')
    expect(inside(block, 'lifecycle')).toMatch(
      /ignore_changes +=\s\[min_capacity, max_capacity, suspended_state\]/u,
    )
  })
})

describe('identity', () => {
  it.each(['controller-policy.json', 'steersman-policy.json'])(
    'gives the very policy of manifests/iam: %s',
    (file) => {
      expect(read(`terraform/modules/identity/policies/${file}`)).toBe(read(`manifests/iam/${file}`))
    },
  )
})

describe('roots/app', () => {
  it('has an output for each name that a Release gives', () => {
    const outputs = blocks('terraform/roots/app').filter(({ kind }) => kind === 'output')
    const names = outputs.flatMap(({ labels }) => labels)
    expect(names).toEqual(
      expect.arrayContaining([
        'cluster',
        'load_balancer',
        ...[
          'task_definition_arn',
          'service_blue',
          'service_green',
          'target_group_blue',
          'target_group_green',
          'rule_arn',
          'test_rule_arn',
          'traffic_actions',
        ].map((name) => `web_${name}`),
      ]),
    )
  })

  it.each(['dev', 'prod'])('leaves the images to Steersman in env/%s.tfvars', (environment) => {
    expect(read(`terraform/roots/app/env/${environment}.tfvars`)).not.toMatch(/^images\b/mu)
  })
})
