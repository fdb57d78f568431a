/** The stages of ECS's own deployments, in order. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
const STAGES: readonly string[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
]

/** Where a deployment waits, with all of the traffic, until the bake is over. */
export const LAST_PAUSE = 'POST_PRODUCTION_TRAFFIC_SHIFT'

/** Whether a stage comes before another one; false for one that nobody knows. */
export function isBefore(stage: string, other: string | undefined): boolean {
  const [first, second] = [STAGES.indexOf(stage), STAGES.indexOf(other ?? '')]
  return first >= 0 && second > first
}

/** What a stage is for people. */
export const stageWords = (stage: string | undefined): string =>
  stage === undefined ? 'begins' : (WORDS[stage] ?? `is at ${stage}`)

const WORDS: Readonly<Record<string, string>> = {
  RECONCILE_SERVICE: 'puts the service in order',
  PRE_SCALE_UP: 'is about to start the new tasks',
  SCALE_UP: 'starts the new tasks',
  POST_SCALE_UP: 'has started the new tasks',
  TEST_TRAFFIC_SHIFT: 'leads the test rule to the new tasks',
  POST_TEST_TRAFFIC_SHIFT: 'has led the test rule to the new tasks',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'is about to move the traffic',
  PRODUCTION_TRAFFIC_SHIFT: 'moves the traffic',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'has moved the traffic',
  BAKE_TIME: 'ends its bake time',
  CLEAN_UP: 'takes the old tasks away',
}
