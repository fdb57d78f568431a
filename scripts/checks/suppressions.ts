import type { Finding } from './sources.ts'

const SUPPRESSION =
  /@ts-(?:ignore|expect-error|nocheck)|(?:eslint|oxlint|tslint|biome)-(?:disable|ignore)|prettier-(?:ignore)|(?:v8|c8|istanbul) ignore|stryker (?:disable)|@knip(?:ignore)/iu

/** Comments that switch a check off. A rule that is wrong is changed for everybody, in its configuration, with its reason. */
export function findSuppressions(file: string, text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const match = SUPPRESSION.exec(line)
    return match === null
      ? []
      : [{ file, line: index + 1, what: `\`${match[0]}\`: a check is switched off by a comment` }]
  })
}
