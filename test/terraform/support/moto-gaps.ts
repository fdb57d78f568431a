/** A request as it came: its operation is in the form of AWS's query protocol, in a header of its JSON protocol, or in the path. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly target: string
  readonly body: Buffer
  readonly form: URLSearchParams
}

/** One thing that moto 5.2.1 lacks: it may answer by itself, or mend what moto answered. */
export interface Gap {
  answer?(call: Call): string | undefined
  mend?(call: Call, text: string): string | undefined
}

/** The gaps, each with a memory of its own. */
export function gapsOfMoto(): readonly Gap[] {
  return [
    new SamplingRules(),
    new ScalingTags(),
    new ServiceSettings(),
    new RuleDescriptions(),
    new UserParameters(),
    new CacheNodes(),
    new BucketPolicies(),
  ]
}

/** X-Ray's sampling rules: moto has none of their operations. */
class SamplingRules implements Gap {
  readonly #rules = new Map<string, Readonly<Record<string, unknown>>>()
  readonly #tags = new Map<string, unknown>()

  answer({ path, body }: Call): string | undefined {
    if (path === '/GetSamplingRules') {
      return JSON.stringify({ SamplingRuleRecords: [...this.#rules.values()] })
    }
    if (!['/CreateSamplingRule', '/DeleteSamplingRule', '/ListTagsForResource'].includes(path))
      return undefined
    const input = JSON.parse(body.toString('utf8')) as SamplingInput
    if (path === '/CreateSamplingRule') return this.#create(input)
    if (path === '/DeleteSamplingRule') return this.#delete(input.RuleName ?? '')
    const tags = this.#tags.get(input.ResourceARN ?? '')
    return tags === undefined ? undefined : JSON.stringify({ Tags: tags })
  }

  #create({ SamplingRule: rule, Tags }: SamplingInput): string {
    const name = rule?.RuleName ?? ''
    const RuleARN = `arn:aws:xray:eu-west-1:123456789012:sampling-rule/${name}`
    const record = { SamplingRule: { ...rule, RuleARN }, CreatedAt: 0, ModifiedAt: 0 }
    this.#rules.set(name, record)
    this.#tags.set(RuleARN, Tags ?? [])
    return JSON.stringify({ SamplingRuleRecord: record })
  }

  #delete(name: string): string {
    const record = this.#rules.get(name)
    this.#rules.delete(name)
    return JSON.stringify({ SamplingRuleRecord: record })
  }
}

/** Tags of scalable targets: moto takes them, and answers nobody who asks. */
class ScalingTags implements Gap {
  readonly #tags = new Map<string, unknown>()

  answer({ target, body }: Call): string | undefined {
    if (target !== 'AnyScaleFrontendService.ListTagsForResource') return undefined
    const { ResourceARN = '' } = JSON.parse(body.toString('utf8')) as { ResourceARN?: string }
    return JSON.stringify({ Tags: this.#tags.get(ResourceARN) ?? {} })
  }

  mend({ target, body }: Call, text: string): undefined {
    if (target !== 'AnyScaleFrontendService.RegisterScalableTarget') return
    const { Tags } = JSON.parse(body.toString('utf8')) as { Tags?: unknown }
    const { ScalableTargetARN } = JSON.parse(text) as { ScalableTargetARN?: string }
    if (Tags !== undefined && ScalableTargetARN !== undefined) this.#tags.set(ScalableTargetARN, Tags)
  }
}

/** What is looked at in a request to X-Ray. */
interface SamplingInput {
  readonly SamplingRule?: { readonly RuleName?: string }
  readonly Tags?: unknown
  readonly RuleName?: string
  readonly ResourceARN?: string
}

/** Settings of ECS services that moto takes and forgets. */
class ServiceSettings implements Gap {
  readonly #settings = new Map<string, Readonly<Record<string, unknown>>>()

  mend({ target, body }: Call, text: string): string | undefined {
    const operation = target.replace('AmazonEC2ContainerServiceV20141113.', '')
    if (operation === 'CreateService') this.#learn(JSON.parse(body.toString('utf8')) as ServiceInput)
    if (operation !== 'DescribeServices') return undefined
    const output = JSON.parse(text) as { services?: readonly { serviceName: string }[] }
    const services = output.services?.map((service) => ({
      ...service,
      ...this.#settings.get(service.serviceName),
    }))
    return JSON.stringify({ ...output, services })
  }

  #learn({ serviceName, healthCheckGracePeriodSeconds, availabilityZoneRebalancing }: ServiceInput): void {
    this.#settings.set(serviceName, { healthCheckGracePeriodSeconds, availabilityZoneRebalancing })
  }
}

/** What is looked at in a CreateService. */
interface ServiceInput {
  readonly serviceName: string
  readonly healthCheckGracePeriodSeconds?: number
  readonly availabilityZoneRebalancing?: string
}

/** Descriptions of security group rules that name another group: moto takes them, and shows those of ranges alone. */
class RuleDescriptions implements Gap {
  readonly #descriptions = new Map<string, string>()

  mend({ form }: Call, text: string): string | undefined {
    const action = form.get('Action') ?? ''
    if (action.startsWith('AuthorizeSecurityGroup')) this.#learn(form, text)
    if (action !== 'DescribeSecurityGroupRules') return undefined
    return text.replaceAll(/<securityGroupRuleId>([^<]+)<\/securityGroupRuleId>/gu, (whole, id: string) => {
      const description = this.#descriptions.get(id)
      return description === undefined ? whole : `${whole}<description>${description}</description>`
    })
  }

  #learn(form: URLSearchParams, text: string): void {
    const description = form.get('IpPermissions.1.Groups.1.Description')
    const id = /<securityGroupRuleId>([^<]+)</u.exec(text)?.[1]
    if (description !== null && id !== undefined) this.#descriptions.set(id, description)
  }
}

/** Parameters of a database that its user has set: moto does not say of any that a user has. */
class UserParameters implements Gap {
  mend({ form }: Call, text: string): string | undefined {
    if (form.get('Action') !== 'DescribeDBParameters' || text.includes('<Source>')) return undefined
    return text.replaceAll('</ParameterName>', '</ParameterName><Source>user</Source>')
  }
}

/** The nodes of a replication group, which moto names and does not show; its end, which never comes; and that of its subnet group, which moto does not know. */
class CacheNodes implements Gap {
  readonly #groups = new Map<string, URLSearchParams>()
  readonly #gone = new Set<string>()

  answer({ form }: Call): string | undefined {
    const action = form.get('Action')
    if (action === 'DescribeCacheClusters') return this.#node(form.get('CacheClusterId') ?? '')
    if (action === 'DeleteCacheSubnetGroup') return '<DeleteCacheSubnetGroupResponse/>'
    return undefined
  }

  mend({ form }: Call, text: string): string | undefined {
    const action = form.get('Action')
    const id = form.get('ReplicationGroupId') ?? ''
    if (action === 'CreateReplicationGroup') this.#groups.set(id, form)
    if (action === 'DeleteReplicationGroup') this.#gone.add(id)
    if (action !== 'DescribeReplicationGroups' || !this.#gone.has(id)) return undefined
    return text.replaceAll(/<ReplicationGroup>.*<\/ReplicationGroup>/gsu, '')
  }

  #node(id: string): string | undefined {
    const group = id.replace(/-\d{3}$/u, '')
    const form = this.#groups.get(group)
    if (form === undefined || this.#gone.has(group)) return undefined
    const tag = (name: string, value: string | null) => `<${name}>${value ?? ''}</${name}>`
    const securityGroup = tag('SecurityGroupId', form.get('SecurityGroupIds.SecurityGroupId.1'))
    const version = form.get('EngineVersion') ?? ''
    const engine = form.get('Engine') ?? ''
    const member = [
      tag('CacheClusterId', id),
      tag('CacheClusterStatus', 'available'),
      tag('CacheNodeType', form.get('CacheNodeType')),
      tag('AtRestEncryptionEnabled', form.get('AtRestEncryptionEnabled')),
      tag('TransitEncryptionEnabled', form.get('TransitEncryptionEnabled')),
      tag('AutoMinorVersionUpgrade', form.get('AutoMinorVersionUpgrade')),
      tag('Engine', engine),
      tag('EngineVersion', `${version}.0`),
      tag('CacheSubnetGroupName', form.get('CacheSubnetGroupName')),
      tag('CacheParameterGroup', tag('CacheParameterGroupName', `default.${engine}${version[0] ?? ''}`)),
      tag('PreferredMaintenanceWindow', 'sun:03:00-sun:04:00'),
      tag('SecurityGroups', tag('member', securityGroup + tag('Status', 'active'))),
    ].join('')
    const result = tag('CacheClusters', tag('CacheCluster', member))
    return tag('DescribeCacheClustersResponse', tag('DescribeCacheClustersResult', result))
  }
}

/** Policies of buckets: moto reads over their conditions, and so takes a denial of plain HTTP for one of everything. */
class BucketPolicies implements Gap {
  readonly #policies = new Map<string, string>()

  answer({ method, path, body }: Call): string | undefined {
    const [bucket = '', query] = path.split('?')
    if (query !== 'policy' && query !== 'policy=') return undefined
    if (method === 'PUT') this.#policies.set(bucket, body.toString('utf8'))
    return method === 'PUT' ? '' : this.#policies.get(bucket)
  }
}
