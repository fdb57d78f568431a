import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const plant = (name: string): string => `planted${name}${randomBytes(8).toString('hex')}`

/** A new private key as OpenSSH writes it. */
function privateKey(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steersman-key-'))
  const file = join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file], {
    stdio: 'ignore',
    timeout: 30_000,
  })
  const key = readFileSync(file, 'utf8')
  rmSync(folder, { recursive: true })
  return key
}

const signingKey = privateKey()

/** One unmistakable text for each place where a secret can be; none of them looks like a secret by its shape alone. */
export const plants = {
  gitTokenInEnv: plant('GitEnv'),
  gitTokenInFile: plant('GitFile'),
  userInfo: plant('UserInfo'),
  awsSecretKey: plant('AwsSecretKey'),
  awsSessionToken: plant('AwsSession'),
  apiAdmin: plant('ApiAdmin'),
  apiViewer: plant('ApiViewer'),
  environmentValue: plant('EnvValue'),
  inlineValue: plant('InlineValue'),
  command: plant('Command'),
  label: plant('Label'),
  gateHeader: plant('GateHeader'),
  gateQuery: plant('GateQuery'),
  webhookPath: plant('WebhookPath'),
  commitMessage: plant('CommitMessage'),
  refusedBody: plant('RefusedBody'),
  handMade: plant('HandMade'),
  besideIssue: plant('BesideIssue'),
  signingKey: signingKey.split('\n')[3] ?? '',
} as const

/** Name and text of every plant that a text holds, in any of the encodings that tools like to use. */
export function plantsIn(text: string): readonly string[] {
  return Object.entries(plants).flatMap(([name, secret]) =>
    [secret, Buffer.from(secret).toString('base64').slice(0, -4), Buffer.from(secret).toString('hex')].some(
      (form) => text.includes(form),
    )
      ? [name]
      : [],
  )
}

const ACCESS_KEY_ID = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`

const REPOSITORY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

interface Version {
  readonly tag: string
  readonly extra?: string
}

/** A release with secrets at every place that a careless team finds. */
export const release = ({ tag, extra = '' }: Version): string => `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: ${REPOSITORY}/web, tag: ${tag} }
  taskDefinition: { file: taskdefs/web.json }
  service:
    cluster: demo
    desiredCount: 1
    settings: { launchType: FARGATE, networkConfiguration: { awsvpcConfiguration: { subnets: [subnet-a], securityGroups: [sg-a] } } }
  traffic:
    loadBalancer: demo
    rule: { port: 80 }
    test: { port: 8081 }
    targetGroups: { blue: web-blue, green: web-green }
  strategy: { bake: 1s, keepPrevious: 5m, deadline: 1m }
  gates:
    - name: smoke
      http:
        path: /?key=${plants.gateQuery}
        headers: { x-api-key: ${plants.gateHeader} }
        expect: { status: 200, body: '"version":"\${imageTag}"' }
        interval: 200ms
      timeout: 3s
${extra}`

/** Another release whose task definition stands inline; it only waits, as its image never comes. */
export const inlineRelease = `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: api }
spec:
  image: { repository: ${REPOSITORY}/api, tag: never, wait: 1h }
  taskDefinition:
    inline:
      networkMode: awsvpc
      requiresCompatibilities: [FARGATE]
      cpu: '256'
      memory: '512'
      containerDefinitions:
        - name: api
          essential: true
          portMappings: [{ containerPort: 8080 }]
          environment: [{ name: CONNECTION, value: ${plants.inlineValue} }]
  service: { cluster: demo, desiredCount: 1 }
  traffic:
    loadBalancer: demo
    rule: { port: 80, host: api.example.com }
    test: { port: 8081, host: api.example.com }
    targetGroups: { blue: api-blue, green: api-green }
`

export const taskDefinition = JSON.stringify({
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::123456789012:role/demo-exec',
  containerDefinitions: [
    {
      name: 'web',
      essential: true,
      portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
      environment: [{ name: 'CONNECTION', value: plants.environmentValue }],
      secrets: [{ name: 'PAY', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/pay' }],
      command: ['serve', '--license', plants.command],
      dockerLabels: { note: plants.label },
    },
  ],
})

/** Manifests that are refused, with secrets beside and in what is wrong. */
export const refusedRelease = `${release({ tag: 'v3' })}    - name: audit
      webhook: { url: https://hooks.example.com/${plants.webhookPath} }
    - name: deep
      http: { path: /, headers: { x-api-key: [${plants.besideIssue}] } }
`

/** A task definition that is refused, with secrets in and around what is wrong. */
export const refusedTaskDefinition = JSON.stringify({
  unknownThing: plants.besideIssue,
  cpu: 256,
  containerDefinitions: [{ name: 'web', environment: plants.besideIssue, portMappings: [], secrets: 3 }],
})

const configuration = `apiVersion: steersman.dev/v1alpha1
kind: Configuration
spec:
  listen: 127.0.0.1:0
  dataDir: ./data
  pollInterval: 250ms
  tokens:
    - { name: admin, role: admin, tokenFrom: { env: API_ADMIN } }
    - { name: viewer, role: viewer, tokenFrom: { file: viewer-token } }
`

const environment = (name: string, repository: string, credentials: string): string => `---
apiVersion: steersman.dev/v1alpha1
kind: Environment
metadata: { name: ${name} }
spec:
  source:
    repository: ${repository}
    branch: main
    path: deploy
    interval: 1s
    credentialsFrom: ${credentials}
    signingKeyFrom: { env: SIGNING_KEY }
  aws: { region: eu-west-1, accountId: '123456789012' }
`

/** The config directory's files; `gitUrl` ends without a slash. */
export function configFiles(gitUrl: string): Readonly<Record<string, string>> {
  const { host } = new URL(gitUrl)
  return {
    'configuration.yaml': configuration,
    'demo.yaml': environment(
      'demo',
      `https://robot:${plants.userInfo}@${host}/upstream.git`,
      '{ env: GIT_TOKEN }',
    ),
    'echo.yaml': environment(
      'echo',
      `https://robot:${plants.userInfo}@${host}/echo.git`,
      '{ file: git-token }',
    ),
    'git-token': `${plants.gitTokenInFile}\n`,
    'viewer-token': `${plants.apiViewer}\n`,
  }
}

/** Variables of the controller's process; `extra` on top. */
export const variablesFor = (extra: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  AWS_ACCESS_KEY_ID: ACCESS_KEY_ID,
  AWS_SECRET_ACCESS_KEY: plants.awsSecretKey,
  AWS_SESSION_TOKEN: plants.awsSessionToken,
  GIT_TOKEN: plants.gitTokenInEnv,
  API_ADMIN: plants.apiAdmin,
  SIGNING_KEY: signingKey,
  STEERSMAN_LOG_LEVEL: 'debug',
  ...extra,
})
