import { describe, expect, it } from 'vitest'

import { contestedFields, contestedMessage } from '../../../controller/core/infrastructure/contested.ts'

const settings = {
  healthCheckGracePeriodSeconds: 30,
  propagateTags: 'SERVICE',
  deploymentConfiguration: { maximumPercent: 150 },
  tags: [{ key: 'team', value: 'shop' }],
} as const
const release = { name: 'web', settings: { ...settings, tags: [...settings.tags] }, ignore: undefined }
const address = 'module.web.aws_ecs_service.side["blue"]'

describe('fields that Terraform and a release both set', () => {
  it.each([
    ['a number', 'health_check_grace_period_seconds', '30', '/service/healthCheckGracePeriodSeconds'],
    ['a word', 'propagate_tags', '"SERVICE"', '/service/propagateTags'],
    [
      'a part of a setting',
      'deployment_maximum_percent',
      '150',
      '/service/deploymentConfiguration/maximumPercent',
    ],
    ['a tag', 'tags.team', '"shop"', '/service/tags/team'],
  ])('are told where what runs is as the release says: %s', (_, attribute, live, path) => {
    expect(contestedFields([{ address, attribute, live }], [release])).toEqual([
      { address, attribute, release: 'web', path },
    ])
  })

  it.each([
    ['somebody else changed it', address, 'health_check_grace_period_seconds', '60', release],
    ['the release does not name it', address, 'enable_execute_command', 'true', release],
    ['it is no service', 'aws_lb_target_group.web', 'tags.team', '"shop"', release],
    [
      'the release leaves it to others',
      address,
      'tags.team',
      '"shop"',
      { ...release, ignore: ['/service/tags'] },
    ],
    ['the release has no settings', address, 'tags.team', '"shop"', { ...release, settings: undefined }],
    ['the service itself is gone', address, '', 'gone', release],
  ])('are not told where %s', (_, where, attribute, live, of) => {
    expect(contestedFields([{ address: where, attribute, live }], [of])).toEqual([])
  })

  it('come with the ways to settle it', () => {
    const drift = [
      { address, attribute: 'tags.team', live: '"shop"' },
      { address, attribute: 'propagate_tags', live: '"SERVICE"' },
    ]
    expect(contestedMessage(contestedFields(drift, [release]))).toBe(
      `Terraform and the release web both set tags.team of ${address} (and 1 more such fields): let Terraform ignore it (lifecycle ignore_changes), or leave it to Terraform with /service/tags/team in the release's ignore`,
    )
    expect(contestedMessage([])).toBeUndefined()
  })
})
