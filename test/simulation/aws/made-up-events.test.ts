import { describe, expect, it } from 'vitest'
import { readNews } from '../../../controller/core/events/read.ts'
import { forgedEvents, strangeTexts } from './made-up-events.ts'
import type { Pair } from './shape.ts'

const target = (side: string): string =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-${side}/1`

const pair: Pair = {
  release: 'web',
  loadBalancer: 'demo',
  names: { production: [{ port: 80 }], test: { port: 81 } },
  targetGroups: { blue: target('blue'), green: target('green') },
  production: ['arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/demo/1/2'],
  test: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/demo/1/3',
}

describe('made-up events', () => {
  it('that nobody can be woken by are dropped, or name what nobody has', () => {
    const names = strangeTexts.map((text) => {
      const read = readNews(text)
      if (read.kind === 'Dropped') return read.why
      const { subject } = read.news
      if (subject.kind === 'LoadBalancing') return subject.arns[0]?.includes('/none') === true
      return subject.kind === 'Service' ? subject.service : subject.repository
    })
    expect(new Set(names)).toEqual(
      new Set(['NotJson', 'NotAnEvent', 'Foreign', 'NoSubject', 'nobody-has-this', '', true]),
    )
  })

  it('that name what is there are read like true ones, and nothing of what they say of it', () => {
    const subjects = forgedEvents(pair).map((text) => {
      const read = readNews(text)
      return read.kind === 'News' ? read.news.subject : read.why
    })
    expect(subjects).toEqual([
      { kind: 'Service', cluster: 'demo', service: 'web-blue' },
      { kind: 'Service', cluster: 'demo', service: 'web-green' },
      { kind: 'Service', cluster: 'demo', service: 'web-green' },
      { kind: 'Service', cluster: 'demo', service: 'web-green' },
      { kind: 'LoadBalancing', arns: [pair.production[0], pair.targetGroups.blue] },
    ])
  })
})
