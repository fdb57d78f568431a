import { createHash } from 'node:crypto'
import type { Move } from '../../core/adopt.ts'
import type { MoveKind } from '../../core/adopt/move.ts'
import type { Receipt } from '../../ports/platform.ts'
import { withCircuitBreaker } from '../execute.ts'
import type { AdoptionConnections } from './look.ts'

type Makers = {
  readonly [Kind in MoveKind]: (
    move: Extract<Move, { kind: Kind }>,
    connections: AdoptionConnections,
  ) => Promise<Receipt>
}

const makers: Makers = {
  CreateTargetGroup: ({ name, settings, tags }, { adoption }) =>
    adoption.createTargetGroup({ name, settings, tags }),
  SetTargetGroupAttributes: ({ arn, attributes }, { adoption }) =>
    adoption.setTargetGroupAttributes({ arn, attributes }),
  SetRuleWeights: ({ rule, weights }, { traffic }) => traffic.setWeights({ rule, weights }),
  CreateService: ({ cluster, name, settings, ...rest }, { platform }) =>
    platform.createService({
      service: { cluster, name },
      desiredCount: 0,
      taskDefinition: rest.taskDefinition,
      target: {
        targetGroupArn: rest.targetGroupArn,
        containerName: rest.containerName,
        containerPort: rest.containerPort,
      },
      settings: withCircuitBreaker(settings),
      clientToken: tokenOf(`${cluster}/${name}/${rest.targetGroupArn}`),
      tags: rest.tags,
    }),
  TagService: ({ arn, tags }, { platform }) => platform.tagService({ arn, tags }),
  CreateTestListener: ({ kind: _kind, ...request }, { adoption }) => adoption.createListener(request),
  CreateTestRule: ({ kind: _kind, port: _port, ...request }, { adoption }) => adoption.createRule(request),
}

/** Makes one move, by one write. Rejects with a PortError. */
export function makeMove(move: Move, connections: AdoptionConnections): Promise<Receipt> {
  const make = makers[move.kind] as (move: Move, connections: AdoptionConnections) => Promise<Receipt>
  return make(move, connections)
}

/** Of at most 36 characters. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
const tokenOf = (identity: string): string => createHash('sha256').update(identity).digest('hex').slice(0, 36)
