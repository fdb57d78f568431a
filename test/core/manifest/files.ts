import { formatIssue, loadManifests } from '../../../controller/core/manifest.ts'
import type { LoadedRelease, SourceFile } from '../../../controller/core/manifest.ts'
import type { DefaultedGate } from '../../../controller/resources/types.ts'

/** A regular file of a commit. */
export function file(path: string, text: string, other: Partial<SourceFile> = {}): SourceFile {
  return { path, mode: 'file', size: Buffer.byteLength(text), text, validUtf8: true, ...other }
}

/** A release called web with everything inline, as lines to change. */
export const WEB = `apiVersion: steersman.dev/v1alpha1
kind: Release
metadata: { name: web }
spec:
  image: { repository: shop/web, tag: v1 }
  taskDefinition: { file: taskdefs/web.json }
  service: { cluster: demo, desiredCount: 2 }
  traffic:
    loadBalancer: demo
    rule: { port: 80 }
    test: { port: 8081 }
    targetGroups: { blue: web-blue, green: web-green }
`

/** The task definition that goes with WEB. */
export const TASK_DEFINITION = JSON.stringify(
  { containerDefinitions: [{ name: 'web', portMappings: [{ containerPort: 8080 }] }] },
  null,
  2,
)

/** WEB and its task definition, and whatever else a test adds or puts in their place. */
export function commit(...others: SourceFile[]): SourceFile[] {
  const standard = [file('deploy/releases/web.yaml', WEB), file('deploy/taskdefs/web.json', TASK_DEFINITION)]
  const replaced = new Set(others.map(({ path }) => path))
  return [...standard.filter(({ path }) => !replaced.has(path)), ...others]
}

/** Loads the files for environment demo below deploy/; issues as lines. */
export function load(
  files: readonly SourceFile[],
  requiredGates: readonly DefaultedGate[] = [],
): { issues: string[]; releases: LoadedRelease[] } {
  const { issues, releases } = loadManifests({ files, path: 'deploy', environment: 'demo', requiredGates })
  return { issues: issues.map(formatIssue), releases }
}
