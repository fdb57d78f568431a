// Generated from controller/resources/configuration.schema.yaml by scripts/generate-resources.ts: change that file, then run the script.
import type { ObjectMetadata } from '../metadata.ts'
import type { Schema } from '../schema.ts'

export type Role = 'viewer' | 'operator' | 'approver' | 'admin'

export interface Configuration {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Configuration.
   */
  kind: 'Configuration'
  metadata?: ObjectMetadata
  spec: ConfigurationSpec
}

export interface ConfigurationSpec {
  /**
   * Address and port of the API and the dashboard. Without tokens only a loopback address is taken.
   */
  listen?: string
  /**
   * Another address that serves only /healthz, /readyz and /metrics, without a token. Left out or null, there is none.
   */
  telemetryListen?: string | null
  /**
   * Further names by which the API and the page are reached: those of a load balancer, an ingress, a Service. A request whose Host header has another name is refused, but for the name of listen and localhost; where listen is a wildcard, addresses are taken too. Example [steersman.example.com].
   *
   * @maxItems 50
   *
   * Items: A name without port.
   */
  hosts?: string[]
  /**
   * Folder for the store, the mirrors and the history, relative to the config file. It is created.
   */
  dataDir?: string
  /**
   * How often a running rollout looks at the world. A Go duration, at least 100ms.
   */
  pollInterval?: string
  /**
   * How long AWS may go on showing the world before a write. A Go duration, at least 1s.
   */
  stalenessBound?: string
  /**
   * How many environments and releases are worked on at once.
   */
  concurrency?: number
  terraform?: TerraformProcesses
  store?: StoreSettings
  log?: LogSettings
  /**
   * Who may use the API. Left out, everybody on this machine may.
   *
   * @maxItems 100
   */
  tokens?: Token[]
  webhooks?: WebhookSettings
}

export interface TerraformProcesses {
  /**
   * How many roots are open at once; each takes some 800 MB with the AWS provider.
   */
  concurrency?: number
  /**
   * Whether Terraform has to run as another user than the controller, which only root can see to. Preferred lets it run as the controller's own user where there is no other, who can read the controller's memory and secrets.
   */
  isolation?: 'Required' | 'Preferred'
}

export interface StoreSettings {
  /**
   * A folder on this machine, Kubernetes objects, or a DynamoDB table.
   */
  type?: 'file' | 'kubernetes' | 'dynamodb'
  /**
   * Namespace of the objects, for type kubernetes. Left out, the controller's own.
   */
  namespace?: string
  /**
   * Name of the table, for type dynamodb. The Terraform module state-table makes it.
   */
  table?: string
  /**
   * The table's region, for type dynamodb. Left out, what AWS_REGION says.
   */
  region?: string
  /**
   * Over how many leases the environments are spread, for types kubernetes and dynamodb: at most so many controllers work at once, and each further one stands by. The same in all controllers of a namespace or a table. Left out, 1.
   */
  shards?: number
  /**
   * How many rollouts of a release are kept; the history log keeps all.
   */
  rollouts?: number
}

export interface LogSettings {
  /**
   * The least severe level that is logged.
   */
  level?: 'error' | 'warn' | 'info' | 'debug'
  /**
   * One JSON object per line, or text for people. Left out, text on a terminal and JSON elsewhere.
   */
  format?: 'json' | 'text'
}

export interface Token {
  /**
   * Name of the holder, as it appears in rollouts and logs.
   */
  name: string
  role: Role
  /**
   * Names of the environments in which the role holds. Left out, all.
   *
   * @minItems 1
   * @maxItems 100
   */
  environments?: string[]
  tokenFrom: SecretSource
}

export interface SecretSource {
  /**
   * Name of an environment variable of the controller.
   */
  env?: string
  /**
   * Path of a file that the controller reads at each use; one newline at its end is left out.
   */
  file?: string
  secretRef?: SecretReference
}

export interface SecretReference {
  /**
   * Name of the Secret.
   */
  name: string
  /**
   * Key in the Secret.
   */
  key: string
}

export interface WebhookSettings {
  github?: WebhookSource
  gitlab?: WebhookSource
  generic?: WebhookSource
}

export interface WebhookSource {
  secretFrom: SecretSource
}

export interface DefaultedConfiguration {
  /**
   * The schema's version, steersman.dev/v1alpha1.
   */
  apiVersion: 'steersman.dev/v1alpha1'
  /**
   * The kind, Configuration.
   */
  kind: 'Configuration'
  metadata?: ObjectMetadata
  spec: DefaultedConfigurationSpec
}

export interface DefaultedConfigurationSpec {
  /**
   * Address and port of the API and the dashboard. Without tokens only a loopback address is taken.
   */
  listen: string
  /**
   * Another address that serves only /healthz, /readyz and /metrics, without a token. Left out or null, there is none.
   */
  telemetryListen?: string | null
  /**
   * Further names by which the API and the page are reached: those of a load balancer, an ingress, a Service. A request whose Host header has another name is refused, but for the name of listen and localhost; where listen is a wildcard, addresses are taken too. Example [steersman.example.com].
   *
   * @maxItems 50
   *
   * Items: A name without port.
   */
  hosts?: string[]
  /**
   * Folder for the store, the mirrors and the history, relative to the config file. It is created.
   */
  dataDir: string
  /**
   * How often a running rollout looks at the world. A Go duration, at least 100ms.
   */
  pollInterval: string
  /**
   * How long AWS may go on showing the world before a write. A Go duration, at least 1s.
   */
  stalenessBound: string
  /**
   * How many environments and releases are worked on at once.
   */
  concurrency: number
  terraform: DefaultedTerraformProcesses
  store: DefaultedStoreSettings
  log: DefaultedLogSettings
  /**
   * Who may use the API. Left out, everybody on this machine may.
   *
   * @maxItems 100
   */
  tokens?: Token[]
  webhooks?: WebhookSettings
}

export interface DefaultedTerraformProcesses {
  /**
   * How many roots are open at once; each takes some 800 MB with the AWS provider.
   */
  concurrency: number
  /**
   * Whether Terraform has to run as another user than the controller, which only root can see to. Preferred lets it run as the controller's own user where there is no other, who can read the controller's memory and secrets.
   */
  isolation: 'Required' | 'Preferred'
}

export interface DefaultedStoreSettings {
  /**
   * A folder on this machine, Kubernetes objects, or a DynamoDB table.
   */
  type: 'file' | 'kubernetes' | 'dynamodb'
  /**
   * Namespace of the objects, for type kubernetes. Left out, the controller's own.
   */
  namespace?: string
  /**
   * Name of the table, for type dynamodb. The Terraform module state-table makes it.
   */
  table?: string
  /**
   * The table's region, for type dynamodb. Left out, what AWS_REGION says.
   */
  region?: string
  /**
   * Over how many leases the environments are spread, for types kubernetes and dynamodb: at most so many controllers work at once, and each further one stands by. The same in all controllers of a namespace or a table. Left out, 1.
   */
  shards?: number
  /**
   * How many rollouts of a release are kept; the history log keeps all.
   */
  rollouts: number
}

export interface DefaultedLogSettings {
  /**
   * The least severe level that is logged.
   */
  level: 'error' | 'warn' | 'info' | 'debug'
  /**
   * One JSON object per line, or text for people. Left out, text on a terminal and JSON elsewhere.
   */
  format?: 'json' | 'text'
}

/** The schema that the types above were made from. */
export const configurationSchema: Schema = {
  title: 'Configuration',
  description: "The controller's own settings. At most one in the config directory; changes need a restart.",
  type: 'object',
  required: ['apiVersion', 'kind', 'spec'],
  properties: {
    apiVersion: {
      description: "The schema's version, steersman.dev/v1alpha1.",
      type: 'string',
      enum: ['steersman.dev/v1alpha1'],
    },
    kind: { description: 'The kind, Configuration.', type: 'string', enum: ['Configuration'] },
    metadata: {
      description: 'What it is called; nobody looks it up.',
      type: 'object',
      properties: {
        name: {
          description: 'A name to tell it by. Example controller.',
          type: 'string',
          minLength: 1,
          maxLength: 63,
          pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
        },
      },
    },
    spec: {
      title: 'ConfigurationSpec',
      description: 'The settings.',
      type: 'object',
      'x-kubernetes-validations': [
        {
          rule: '!has(self.tokens) || self.tokens.all(token, self.tokens.exists_one(other, other.name == token.name))',
          message: 'two tokens have one name; expected a name of its own for each token',
        },
      ],
      properties: {
        listen: {
          description:
            'Address and port of the API and the dashboard. Without tokens only a loopback address is taken.',
          type: 'string',
          maxLength: 255,
          pattern: '^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):[0-9]{1,5}$',
          default: '127.0.0.1:8080',
        },
        telemetryListen: {
          description:
            'Another address that serves only /healthz, /readyz and /metrics, without a token. Left out or null, there is none.',
          type: 'string',
          nullable: true,
          maxLength: 255,
          pattern: '^(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):[0-9]{1,5}$',
        },
        hosts: {
          description:
            'Further names by which the API and the page are reached: those of a load balancer, an ingress, a Service. A request whose Host header has another name is refused, but for the name of listen and localhost; where listen is a wildcard, addresses are taken too. Example [steersman.example.com].',
          type: 'array',
          maxItems: 50,
          items: {
            description: 'A name without port.',
            type: 'string',
            maxLength: 253,
            pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$',
          },
        },
        dataDir: {
          description:
            'Folder for the store, the mirrors and the history, relative to the config file. It is created.',
          type: 'string',
          minLength: 1,
          maxLength: 4096,
          default: './data',
        },
        pollInterval: {
          description: 'How often a running rollout looks at the world. A Go duration, at least 100ms.',
          type: 'string',
          maxLength: 32,
          pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
          default: '2s',
          'x-kubernetes-validations': [
            {
              rule: "duration(self) >= duration('100ms') && duration(self) <= duration('1m')",
              message: 'the poll interval is out of range; expected 100ms to 1m',
            },
          ],
        },
        stalenessBound: {
          description: 'How long AWS may go on showing the world before a write. A Go duration, at least 1s.',
          type: 'string',
          maxLength: 32,
          pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$',
          default: '60s',
          'x-kubernetes-validations': [
            {
              rule: "duration(self) >= duration('1s') && duration(self) <= duration('10m')",
              message: 'the staleness bound is out of range; expected 1s to 10m',
            },
          ],
        },
        concurrency: {
          description: 'How many environments and releases are worked on at once.',
          type: 'integer',
          minimum: 1,
          maximum: 100,
          default: 10,
        },
        terraform: {
          title: 'TerraformProcesses',
          description: 'How Terraform is run.',
          type: 'object',
          default: {},
          properties: {
            concurrency: {
              description: 'How many roots are open at once; each takes some 800 MB with the AWS provider.',
              type: 'integer',
              minimum: 1,
              maximum: 20,
              default: 2,
            },
            isolation: {
              description:
                "Whether Terraform has to run as another user than the controller, which only root can see to. Preferred lets it run as the controller's own user where there is no other, who can read the controller's memory and secrets.",
              type: 'string',
              enum: ['Required', 'Preferred'],
              default: 'Required',
            },
          },
        },
        store: {
          title: 'StoreSettings',
          description: 'Where state is kept.',
          type: 'object',
          default: {},
          'x-kubernetes-validations': [
            {
              rule: "(self.type == 'dynamodb') == has(self.table)",
              message:
                'a table belongs to the store type dynamodb; expected the name of one with it, and none without',
            },
            {
              rule: "self.type == 'dynamodb' || !has(self.region)",
              message: 'a region belongs to the store type dynamodb; expected none without it',
            },
            {
              rule: "self.type != 'file' || !has(self.shards)",
              message:
                'shards belong to a store that several controllers share; expected none with the store type file',
            },
          ],
          properties: {
            type: {
              description: 'A folder on this machine, Kubernetes objects, or a DynamoDB table.',
              type: 'string',
              enum: ['file', 'kubernetes', 'dynamodb'],
              default: 'file',
            },
            namespace: {
              description: "Namespace of the objects, for type kubernetes. Left out, the controller's own.",
              type: 'string',
              minLength: 1,
              maxLength: 63,
            },
            table: {
              description: 'Name of the table, for type dynamodb. The Terraform module state-table makes it.',
              type: 'string',
              minLength: 3,
              maxLength: 255,
            },
            region: {
              description: "The table's region, for type dynamodb. Left out, what AWS_REGION says.",
              type: 'string',
              pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$',
              maxLength: 32,
            },
            shards: {
              description:
                'Over how many leases the environments are spread, for types kubernetes and dynamodb: at most so many controllers work at once, and each further one stands by. The same in all controllers of a namespace or a table. Left out, 1.',
              type: 'integer',
              minimum: 1,
              maximum: 64,
            },
            rollouts: {
              description: 'How many rollouts of a release are kept; the history log keeps all.',
              type: 'integer',
              minimum: 5,
              maximum: 1000,
              default: 50,
            },
          },
        },
        log: {
          title: 'LogSettings',
          description: 'What is logged to stderr, and how.',
          type: 'object',
          default: {},
          properties: {
            level: {
              description: 'The least severe level that is logged.',
              type: 'string',
              enum: ['error', 'warn', 'info', 'debug'],
              default: 'info',
            },
            format: {
              description:
                'One JSON object per line, or text for people. Left out, text on a terminal and JSON elsewhere.',
              type: 'string',
              enum: ['json', 'text'],
            },
          },
        },
        tokens: {
          description: 'Who may use the API. Left out, everybody on this machine may.',
          type: 'array',
          maxItems: 100,
          items: {
            title: 'Token',
            description: 'One token.',
            type: 'object',
            required: ['name', 'role', 'tokenFrom'],
            properties: {
              name: {
                description: 'Name of the holder, as it appears in rollouts and logs.',
                type: 'string',
                maxLength: 63,
                pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.@]*[A-Za-z0-9])?$',
              },
              role: {
                title: 'Role',
                description:
                  'What the holder may do - look; pause, retry and reconcile; approve as well; everything.',
                type: 'string',
                enum: ['viewer', 'operator', 'approver', 'admin'],
              },
              environments: {
                description: 'Names of the environments in which the role holds. Left out, all.',
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: { type: 'string', minLength: 1, maxLength: 32 },
              },
              tokenFrom: {
                description: 'Where the token is.',
                title: 'SecretSource',
                type: 'object',
                'x-kubernetes-validations': [
                  {
                    rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                    message: 'a secret comes from one place; expected exactly one of env, file and secretRef',
                  },
                ],
                properties: {
                  env: {
                    description: 'Name of an environment variable of the controller.',
                    type: 'string',
                    maxLength: 255,
                    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                  },
                  file: {
                    description:
                      'Path of a file that the controller reads at each use; one newline at its end is left out.',
                    type: 'string',
                    minLength: 1,
                    maxLength: 4096,
                  },
                  secretRef: {
                    title: 'SecretReference',
                    description: "A Kubernetes Secret in the controller's namespace.",
                    type: 'object',
                    required: ['name', 'key'],
                    properties: {
                      name: {
                        description: 'Name of the Secret.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 253,
                      },
                      key: {
                        description: 'Key in the Secret.',
                        type: 'string',
                        minLength: 1,
                        maxLength: 253,
                      },
                    },
                  },
                },
              },
            },
          },
        },
        webhooks: {
          title: 'WebhookSettings',
          description:
            'Secrets of the webhooks that announce pushes. A webhook without a secret is not served.',
          type: 'object',
          properties: {
            github: {
              title: 'WebhookSource',
              description: 'One sender.',
              type: 'object',
              required: ['secretFrom'],
              properties: {
                secretFrom: {
                  description: 'Where the shared secret is.',
                  title: 'SecretSource',
                  type: 'object',
                  'x-kubernetes-validations': [
                    {
                      rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                      message:
                        'a secret comes from one place; expected exactly one of env, file and secretRef',
                    },
                  ],
                  properties: {
                    env: {
                      description: 'Name of an environment variable of the controller.',
                      type: 'string',
                      maxLength: 255,
                      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                    },
                    file: {
                      description:
                        'Path of a file that the controller reads at each use; one newline at its end is left out.',
                      type: 'string',
                      minLength: 1,
                      maxLength: 4096,
                    },
                    secretRef: {
                      title: 'SecretReference',
                      description: "A Kubernetes Secret in the controller's namespace.",
                      type: 'object',
                      required: ['name', 'key'],
                      properties: {
                        name: {
                          description: 'Name of the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                        key: {
                          description: 'Key in the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                      },
                    },
                  },
                },
              },
            },
            gitlab: {
              title: 'WebhookSource',
              description: 'One sender.',
              type: 'object',
              required: ['secretFrom'],
              properties: {
                secretFrom: {
                  description: 'Where the shared secret is.',
                  title: 'SecretSource',
                  type: 'object',
                  'x-kubernetes-validations': [
                    {
                      rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                      message:
                        'a secret comes from one place; expected exactly one of env, file and secretRef',
                    },
                  ],
                  properties: {
                    env: {
                      description: 'Name of an environment variable of the controller.',
                      type: 'string',
                      maxLength: 255,
                      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                    },
                    file: {
                      description:
                        'Path of a file that the controller reads at each use; one newline at its end is left out.',
                      type: 'string',
                      minLength: 1,
                      maxLength: 4096,
                    },
                    secretRef: {
                      title: 'SecretReference',
                      description: "A Kubernetes Secret in the controller's namespace.",
                      type: 'object',
                      required: ['name', 'key'],
                      properties: {
                        name: {
                          description: 'Name of the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                        key: {
                          description: 'Key in the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                      },
                    },
                  },
                },
              },
            },
            generic: {
              title: 'WebhookSource',
              description: 'One sender.',
              type: 'object',
              required: ['secretFrom'],
              properties: {
                secretFrom: {
                  description: 'Where the shared secret is.',
                  title: 'SecretSource',
                  type: 'object',
                  'x-kubernetes-validations': [
                    {
                      rule: '(has(self.env) ? 1 : 0) + (has(self.file) ? 1 : 0) + (has(self.secretRef) ? 1 : 0) == 1',
                      message:
                        'a secret comes from one place; expected exactly one of env, file and secretRef',
                    },
                  ],
                  properties: {
                    env: {
                      description: 'Name of an environment variable of the controller.',
                      type: 'string',
                      maxLength: 255,
                      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
                    },
                    file: {
                      description:
                        'Path of a file that the controller reads at each use; one newline at its end is left out.',
                      type: 'string',
                      minLength: 1,
                      maxLength: 4096,
                    },
                    secretRef: {
                      title: 'SecretReference',
                      description: "A Kubernetes Secret in the controller's namespace.",
                      type: 'object',
                      required: ['name', 'key'],
                      properties: {
                        name: {
                          description: 'Name of the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                        key: {
                          description: 'Key in the Secret.',
                          type: 'string',
                          minLength: 1,
                          maxLength: 253,
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
}
