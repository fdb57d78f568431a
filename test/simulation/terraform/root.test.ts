import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createHclParser } from '../../../controller/adapters/terraform/hcl.ts'
import { readBlocks } from './hcl.ts'
import { evaluateRoot, ROOT, ROOT_FILE, rootText, USUAL_ROOT } from './root.ts'

const shape = { listeners: ['web', 'api'], registered: ['web'] }

describe('the root of the simulated developers', () => {
  it.each([
    ['as it is at first', USUAL_ROOT],
    ['without its volume', { ...USUAL_ROOT, hasVolume: false }],
    ['with weights of its own', { ...USUAL_ROOT, leavesWeights: false }],
  ])('is read %s as by the real parser', async (_when, said) => {
    const file = { path: ROOT_FILE, text: rootText(said, shape) }
    expect(readBlocks(file)).toEqual(await createHclParser(systemClock)(file))
  })

  it('is refused where it is no HCL', () => {
    expect(() => readBlocks({ path: ROOT_FILE, text: 'terraform {\n' })).toThrow('infra/main.tf:2:1')
    expect(() => readBlocks({ path: ROOT_FILE, text: 'what is this' })).toThrow('infra/main.tf:1:1')
  })

  it('comes to resources and outputs, given its variables', () => {
    const files = [{ path: ROOT_FILE, text: rootText(USUAL_ROOT, shape) }]
    const given = evaluateRoot({ files, root: ROOT, variables: { images: { web: 'web@sha256:1' } } })
    expect(given?.outputs).toEqual({ web_task_definition_arn: 'aws_ecs_task_definition.web' })
    expect(given?.resources.map(({ address, values, ignored }) => [address, values, ignored])).toEqual([
      ['aws_instance.bastion', { instance_type: 't3.nano' }, []],
      ['aws_ebs_volume.data', { size: 100 }, []],
      ['aws_lb_listener.web', { default_action: ['web-blue:100', 'web-green:0'] }, ['default_action']],
      ['aws_lb_listener.api', { default_action: ['api-blue:100', 'api-green:0'] }, ['default_action']],
      ['aws_ecs_task_definition.web', { image: 'web@sha256:1', skip_destroy: true }, []],
    ])
    expect(evaluateRoot({ files, root: ROOT, variables: { images: {} } })).toBeUndefined()
  })
})
