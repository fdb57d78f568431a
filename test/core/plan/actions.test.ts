import { describe, expect, it } from 'vitest'
import { driftOf } from '../../../controller/core/drift.ts'
import type { RuleAction } from '../../../controller/core/desired.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { hasActions, withActions } from '../../../controller/core/plan/actions.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { afterAction } from '../../../controller/core/preview/after-action.ts'
import { blank, served } from '../../support/release-controller.ts'
import { all, inputOf, line } from './planning.ts'

const forward = { Type: 'forward', Order: 2, ForwardConfig: {} }
const oidc = (change: object = {}, Order?: number): RuleAction => ({
  Type: 'authenticate-oidc',
  ...(Order === undefined ? {} : { Order }),
  AuthenticateOidcConfig: {
    Issuer: 'https://login.example.com',
    AuthorizationEndpoint: 'https://login.example.com/authorize',
    TokenEndpoint: 'https://login.example.com/token',
    UserInfoEndpoint: 'https://login.example.com/user',
    ClientId: 'shop',
    ...change,
  },
})
const cognito: RuleAction = {
  Type: 'authenticate-cognito',
  AuthenticateCognitoConfig: { UserPoolArn: 'arn:pool', UserPoolClientId: 'c', UserPoolDomain: 'd' },
}
const described = oidc(
  { Scope: 'openid', SessionTimeout: 604_800, OnUnauthenticatedRequest: 'authenticate' },
  1,
)

const controller = served()

/** The version 1 serves; the rule has those actions, and others may be wanted. */
function input(
  live: readonly RuleAction[],
  wanted: readonly RuleAction[] | undefined,
  change: Partial<PlanInput> & { readonly weights?: [number, number]; readonly ignore?: string[] } = {},
): PlanInput {
  const { weights, ignore, ...rest } = change
  const seen = controller.world.look(blank, all)
  const production = seen.production.map((rule) =>
    rule === null
      ? null
      : {
          ...rule,
          actions: live,
          weights:
            weights === undefined
              ? rule.weights
              : rule.weights.map((one, index) => ({ ...one, weight: weights[index] ?? 0 })),
        },
  )
  const { desired } = controller
  const spec = ignore === undefined ? desired.spec : { ...desired.spec, ignore }
  return inputOf(controller, {
    desired: { ...desired, spec, ...(wanted === undefined ? {} : { actions: wanted }) },
    observation: { ...seen, production },
    ...rest,
  })
}

const decide = (...given: Parameters<typeof input>): string => line(planRelease(input(...given)))
const write = /^(do|mend): set the weights of .* to blue 0, green 100$/
const verified = {
  status: {
    ...controller.status,
    verified: { commit: controller.desired.commit, digest: controller.desired.digest },
  },
}

/** A commit that was not brought about yet. */
const fresh = { status: { ...controller.status, verified: { commit: 'older', digest: 'older' } } }

describe('what a rule does before it forwards', () => {
  it('means the same whatever numbers say its order, and with defaults filled in or not', () => {
    expect(hasActions({ actions: [described, forward] }, [oidc()])).toBe(true)
    expect(hasActions({ actions: [oidc({}, 10), { ...forward, Order: 20 }] }, [oidc({}, 3)])).toBe(true)
    expect(hasActions({ actions: [described, forward] }, undefined)).toBe(true)
    expect(hasActions({ actions: [forward] }, [])).toBe(true)
    expect(hasActions({ actions: [described, forward] }, [])).toBe(false)
    expect(hasActions({ actions: [described, forward] }, [oidc({ Scope: 'email' })])).toBe(false)
    expect(
      hasActions({ actions: [oidc({}, 1), { ...cognito, Order: 2 }, { ...forward, Order: 3 }] }, [
        cognito,
        oidc(),
      ]),
    ).toBe(false)
  })

  it('is written in order, before the forward action, which stays', () => {
    expect(withActions([described, forward], [cognito, oidc({ Scope: 'email' })])).toEqual([
      { ...cognito, Order: 1 },
      oidc({ Scope: 'email' }, 2),
      { ...forward, Order: 3 },
    ])
    expect(withActions([described, forward], [])).toEqual([{ ...forward, Order: 1 }])
  })

  it('stays where nothing else is wanted, or a secret would be missing', () => {
    const actions = [described, forward]
    expect(withActions(actions, undefined)).toBe(actions)
    expect(withActions(actions, [oidc({ ClientId: 'other' })])).toBe(actions)
    expect(withActions([forward], [oidc()])).toEqual([forward])
    const unset = [{ Type: 'authenticate-oidc', AuthenticateOidcConfig: null }]
    expect(withActions(actions, unset)).toEqual([
      { ...unset[0], Order: 1 },
      { ...forward, Order: 2 },
    ])
  })

  it('is brought with the weights of the live side by one write, and put back where somebody changed it', () => {
    const changed = [oidc({ Scope: 'openid email' }, 1), forward]
    expect(decide([described, forward], [oidc()])).toBe('converged')
    expect(decide(changed, [oidc()])).toMatch(write)
    expect(decide(changed, [oidc()], verified)).toMatch(/^mend: /)
    expect(decide([forward], [cognito])).toMatch(write)
    expect(decide([described, forward], [])).toMatch(write)
    expect(decide(changed, undefined)).toBe('converged')
  })

  it('is left where the environment only tells drift, or leaves it to others, unless a commit brings it', () => {
    const changed = [oidc({ Scope: 'openid email' }, 1), forward]
    const drift = { ...controller.drift, traffic: 'Alert' } as const
    expect(decide(changed, [oidc()], { ...verified, drift })).toBe('converged')
    expect(decide(changed, [oidc()], { ...fresh, drift })).toMatch(/^do: /)
    expect(decide(changed, [oidc()], { ...fresh, drift, weights: [50, 50] })).toMatch(/to blue 50, green 50$/)
    const ignore = ['/rules/*/Actions', '/listeners/*/DefaultActions']
    expect(decide(changed, [oidc()], { ...verified, ignore })).toBe('converged')
  })

  it('stalls the release where nobody ever gave the rule the secret', () => {
    expect(decide([forward], [oidc()])).toBe('Stall: ClientSecretMissing')
    expect(decide([described, forward], [oidc({ Issuer: 'https://other.example.com' })])).toBe(
      'Stall: ClientSecretMissing',
    )
    expect(decide([forward], [oidc()], { weights: [50, 50] })).toMatch(/^mend: set the weights/)
  })

  it('is told as drift field by field', () => {
    const given = input([oidc({ Scope: 'openid email' }, 1), forward], [oidc()], verified)
    const found = driftOf({ ...given, live: 'green', policy: given.drift })
    expect(
      found.map(({ path, wanted, live, owner }) => `${path}: ${String(wanted)}, ${String(live)} (${owner})`),
    ).toEqual([
      expect.stringMatching(
        /authenticate-oidc\/AuthenticateOidcConfig\/Scope: openid, openid email \(Steersman\)$/,
      ),
    ])
    const ahead = input([forward], [cognito], { status: {} })
    expect(
      driftOf({
        ...ahead,
        desired: { ...ahead.desired, commit: 'newer' },
        live: 'green',
        policy: ahead.drift,
      }),
    ).toEqual([])
  })

  it('shows in a world that obeys at once', () => {
    const { observation } = input([described, forward], [])
    const action = { kind: 'SetWeights', rule: 'arn:rule/1', weights: { blue: 0, green: 100 } } as const
    const after = afterAction(observation, action, undefined, [cognito])
    expect(after.production[0]?.actions.map(({ Type }) => Type)).toEqual(['authenticate-cognito', 'forward'])
    expect(afterAction(observation, action, undefined).production[0]?.actions).toEqual([described, forward])
  })
})
