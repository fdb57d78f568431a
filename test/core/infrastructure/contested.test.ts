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
    ['somebody else changed it', { attribute: 'health_check_grace_period_seconds', live: '60' }, release],
    ['the release does not name it', { attribute: 'enable_execute_command', live: 'true' }, release],
    [
      'it is no service',
      { address: 'aws_lb_target_group.web', attribute: 'tags.team', live: '"shop"' },
      release,
    ],
    [
      'the release leaves it to others',
      { attribute: 'tags.team', live: '"shop"' },
      { ...release, ignore: ['/service/tags'] },
    ],
    [
      'the release has no settings',
      { attribute: 'tags.team', live: '"shop"' },
      { ...release, settings: undefined },
    ],
    ['the service itself is gone', { attribute: '', live: 'gone' }, release],
  ])('are not told where %s', (_, drift, of) => {
    expect(contestedFields([{ address, ...drift }], [of])).toEqual([])
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
