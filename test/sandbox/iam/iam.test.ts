import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

describe('IAM', () => {
  test('knows a role as soon as it is named, and not after it was deleted', () => {
    const aws = ecsWorld()
    const get = () => aws.call('iam', 'GetRole', { RoleName: 'execution' })['Role']
    expect(get()).toMatchObject({ Arn: 'arn:aws:iam::123456789012:role/execution' })
    aws.call('iam', 'DeleteRole', { RoleName: 'execution' })
    expect(get).toThrow(expect.objectContaining({ code: 'NoSuchEntity', status: 404 }))
    aws.call('iam', 'CreateRole', {
      RoleName: 'execution',
      Path: '/app/',
      AssumeRolePolicyDocument: '{"a":1}',
    })
    expect(get()).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:role/app/execution',
      AssumeRolePolicyDocument: encodeURIComponent('{"a":1}'),
    })
  })

  test('keeps the policies and tags of a role', () => {
    const aws = ecsWorld()
    const RoleName = 'execution'
    const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    aws.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn })
    aws.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: '{}' })
    aws.call('iam', 'TagRole', { RoleName, Tags: [{ Key: 'team', Value: 'shop' }] })
    expect(aws.call('iam', 'ListAttachedRolePolicies', { RoleName })['AttachedPolicies']).toEqual([
      { PolicyName: 'ReadOnlyAccess', PolicyArn },
    ])
    expect(aws.call('iam', 'ListRolePolicies', { RoleName })['PolicyNames']).toEqual(['own'])
    expect(aws.call('iam', 'GetRolePolicy', { RoleName, PolicyName: 'own' })['PolicyDocument']).toBe('%7B%7D')
    expect(aws.call('iam', 'ListRoleTags', { RoleName })['Tags']).toEqual([{ Key: 'team', Value: 'shop' }])
    expect(() => aws.call('iam', 'DeleteRole', { RoleName })).toThrow('must detach all policies first')
    aws.call('iam', 'DetachRolePolicy', { RoleName, PolicyArn })
    aws.call('iam', 'DeleteRolePolicy', { RoleName, PolicyName: 'own' })
    expect(aws.call('iam', 'DeleteRole', { RoleName })).toEqual({})
  })

  test('bounds a role, and changes what is said of it', () => {
    const aws = ecsWorld()
    const RoleName = 'execution'
    const PermissionsBoundary = 'arn:aws:iam::123456789012:policy/boundary'
    const get = () => aws.call('iam', 'GetRole', { RoleName })['Role']
    aws.call('iam', 'CreateRole', { RoleName, PermissionsBoundary, AssumeRolePolicyDocument: '{}' })
    const bounded = {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: PermissionsBoundary,
    }
    expect(get()).toMatchObject({ PermissionsBoundary: bounded, MaxSessionDuration: 3600 })
    aws.call('iam', 'DeleteRolePermissionsBoundary', { RoleName })
    expect(get()).not.toHaveProperty('PermissionsBoundary')
    aws.call('iam', 'PutRolePermissionsBoundary', { RoleName, PermissionsBoundary })
    aws.call('iam', 'UpdateRole', { RoleName, Description: 'starts tasks', MaxSessionDuration: '7200' })
    expect(get()).toMatchObject({
      PermissionsBoundary: bounded,
      Description: 'starts tasks',
      MaxSessionDuration: 7200,
    })
    aws.call('iam', 'UpdateRoleDescription', { RoleName, Description: 'other' })
    expect(get()).toMatchObject({ Description: 'other' })
  })
})
