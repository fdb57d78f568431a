import { AwsError } from '../kernel/error.ts'
import type { Members, Operation } from '../kernel/operation.ts'
import { describing, found, modifying, page } from './describe.ts'
import { requiredText, texts } from './input.ts'
import type { ElbParts } from './state.ts'

/** The quotas that the other operations keep, under AWS's names. */
const LIMITS: Record<string, string> = {
  'application-load-balancers': '50',
  'target-groups': '3000',
  'targets-per-application-load-balancer': '1000',
  'listeners-per-application-load-balancer': '50',
  'rules-per-application-load-balancer': '100',
  'target-groups-per-application-load-balancer': '100',
  'target-groups-per-action-on-application-load-balancer': '5',
  'condition-values-per-alb-rule': '5',
  'targets-per-target-group': '1000',
  'certificates-per-application-load-balancer': '25',
}

const POLICIES: Record<string, { protocols: readonly string[]; ciphers: readonly string[] }> = {
  'ELBSecurityPolicy-2016-08': {
    protocols: ['TLSv1', 'TLSv1.1', 'TLSv1.2'],
    ciphers: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'AES128-GCM-SHA256'],
  },
  'ELBSecurityPolicy-TLS13-1-2-2021-06': {
    protocols: ['TLSv1.2', 'TLSv1.3'],
    ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'ECDHE-RSA-AES128-GCM-SHA256'],
  },
  'ELBSecurityPolicy-TLS13-1-3-2021-06': {
    protocols: ['TLSv1.3'],
    ciphers: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'],
  },
}

/** The operations that tell of the account, of AWS's own security policies, and of reserved capacity (never any here). */
export function accountOperations(elb: ElbParts): Record<string, Operation> {
  return {
    DescribeAccountLimits: describing((input) =>
      page(Object.entries(LIMITS), input, ([name, max]) => ({ Name: name, Max: max }), 'Limits'),
    ),
    DescribeSSLPolicies: describing((input) => {
      const names = texts(input, 'Names')
      const unknown = names.find((name) => POLICIES[name] === undefined)
      if (unknown !== undefined) throw new AwsError('SSLPolicyNotFound', `SSL policy '${unknown}' not found`)
      const chosen = names.length > 0 ? names : Object.keys(POLICIES)
      return page(chosen, input, showPolicy, 'SslPolicies')
    }),
    DescribeCapacityReservation: describing((input, context) => {
      found(context.read(elb.tables.loadBalancers), requiredText(input, 'LoadBalancerArn'), 'loadBalancer')
      return { CapacityReservationState: [] }
    }),
    DescribeTrustStores: describing((input) => page([], input, (row: Members) => row, 'TrustStores')),
    ModifyIpPools: modifying((input) => {
      found(elb.tables.loadBalancers, requiredText(input, 'LoadBalancerArn'), 'loadBalancer')
      return {}
    }),
  }
}

function showPolicy(name: string): Members {
  const policy = POLICIES[name]
  return {
    Name: name,
    SslProtocols: policy?.protocols,
    Ciphers: policy?.ciphers.map((cipher, index) => ({ Name: cipher, Priority: index + 1 })),
    SupportedLoadBalancerTypes: ['application', 'network'],
  }
}
