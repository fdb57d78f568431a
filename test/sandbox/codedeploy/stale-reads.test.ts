import { describe, expect, test } from 'vitest'
import { codeDeployWorld } from '../support/code-deploy.ts'

const WAITS = { deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 } }
const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('while reads of CodeDeploy are old', () => {
  test('a deployment that went on is not let go on once more, and one that is over is not stopped', () => {
    const aws = codeDeployWorld({}, WAITS)
    const deploymentId = aws.deploy('web:v2')
    aws.clock.advance(60_000)
    const goOn = () => aws.codeDeploy('ContinueDeployment', { deploymentId })
    goOn()
    aws.clock.advance(3_000)
    aws.world.faults.add({ service: 'codedeploy', operation: '*', staleForMs: 5_000 })
    expect(aws.deployment(deploymentId)['status']).toBe('Ready')
    expect(goOn).toThrow(refused('DeploymentIsNotInReadyStateException'))
    aws.world.faults.clear()
    aws.codeDeploy('StopDeployment', { deploymentId, autoRollbackEnabled: true })
    aws.world.faults.add({ service: 'codedeploy', operation: '*', staleForMs: 5_000 })
    expect(() => aws.codeDeploy('StopDeployment', { deploymentId })).toThrow(
      refused('DeploymentAlreadyCompletedException'),
    )
  })
})
