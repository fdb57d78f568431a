import type { FuzzTarget } from './target.ts'
import { awsAnswers } from './targets/aws-answers.ts'
import { gitOutput } from './targets/git-output.ts'
import { httpInput } from './targets/http-input.ts'
import { manifest } from './targets/manifest.ts'
import { roundTrips } from './targets/round-trips.ts'

/** Every target, in the order in which the fuzzer takes them. */
export const targets: readonly FuzzTarget[] = [manifest, gitOutput, awsAnswers, httpInput, roundTrips]
