import { describe, expect, it } from 'vitest'
import { loadManifests } from '../../controller/core/manifest.ts'
import type { SourceFile } from '../../controller/core/manifest.ts'
import { commitTrees, sourceFile } from './support/commit-trees.ts'
import { countWork } from './support/count-work.ts'

const PATH = 'deploy/releases/grown.yaml'
const HEAD = 'apiVersion: steersman.dev/v1alpha1\nkind: Release\nmetadata: { name: grown }\nspec:\n'
const grown = (text: string): SourceFile[] => [sourceFile(PATH, text)]
const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join('')

function work(files: readonly SourceFile[]): number {
  return countWork(() => {
    loadManifests({ files, path: 'deploy', environment: 'prod', requiredGates: [] })
  })
}

describe('the work of reading a commit', () => {
  it.each<[string, (size: number) => SourceFile[]]>([
    ['unknown fields', (size) => grown(`${HEAD}${times(size, (index) => `  field${index}: 1\n`)}`)],
    ['the same field again and again', (size) => grown(`${HEAD}${times(size, () => '  image: 1\n')}`)],
    ['aliases', (size) => grown(`${HEAD}  a: &a 1\n  b:\n${times(size, () => '    - *a\n')}`)],
    ['placeholders', (size) => grown(`${HEAD}  a: "${times(size, () => '${nothing} ')}"\n`)],
    [
      'containers',
      (size) =>
        grown(
          `${HEAD}  taskDefinition:\n    inline:\n      containerDefinitions:\n${times(size, () => '        - name: web\n')}`,
        ),
    ],
    ['lists in one line', (size) => grown(`${HEAD}  a: [${times(size, () => '[x],')}]\n`)],
    ['a long text', (size) => grown(`${HEAD}  a: ${times(size, () => 'a\\"b ')}\n`)],
    ['documents of one name', (size) => filesOfOneName(size)],
    [
      'overlays without a base',
      (size) =>
        times(size / 8, (index) => `${index} `)
          .trim()
          .split(' ')
          .map((index) => sourceFile(`deploy/overlays/prod/${index}.yaml`, 'spec: {}\n')),
    ],
    [
      'releases',
      (size) =>
        times(size / 8, (index) => `${index} `)
          .trim()
          .split(' ')
          .flatMap((index) => releaseFile(index)),
    ],
  ])('grows no faster than the commit, for %s', (_, filesOf) => {
    for (const size of [800, 200]) work(filesOf(size))
    const [small, large] = [work(filesOf(200)), work(filesOf(800))]
    expect(large / small).toBeLessThan(8)
  })
})

/** Documents of one file are bounded, files of one commit too: together there are many. */
function filesOfOneName(size: number): SourceFile[] {
  const text = times(100, () => 'kind: Release\nmetadata: { name: web }\n---\n')
  return Array.from({ length: size / 100 }, (_, index) => sourceFile(`deploy/releases/${index}.yaml`, text))
}

function releaseFile(index: string): SourceFile[] {
  const [example] = commitTrees[1] ?? []
  const text = example?.text.replace(/name: web/, `name: web${index}`) ?? ''
  return [sourceFile(`deploy/releases/web${index}.yaml`, text)]
}
