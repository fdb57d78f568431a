import { describe, expect, it } from 'vitest'
import { checkTarget, corpusOf } from './support/check-target.ts'
import { awsAnswers } from './targets/aws-answers.ts'

describe('what AWS answers', () => {
  it('is told as the ports promise, or refused with a PortError', async () => {
    await checkTarget(awsAnswers, 60)
  })

  it.each(corpusOf(awsAnswers))('holds for $file', async ({ input }) => {
    await awsAnswers.run(input)
    expect(input.length).toBeGreaterThan(0)
  })
})
