import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Finding } from './sources.ts'
import { checkTroubleshooting } from './troubleshooting.ts'

const PAGE_OF_DEPENDENCIES = 'docs/reference/dependencies.md'

/** Pages whose links lead nowhere, and packages that the page of dependencies does not explain, or explains in vain. */
export async function checkDocuments(directory: string): Promise<{ pages: number; findings: Finding[] }> {
  const pages = await Array.fromAsync(
    glob(['*.md', 'docs/**/*.md', 'manifests/**/*.md', 'charts/**/*.md', 'terraform/**/*.md'], {
      cwd: directory,
    }),
  )
  const findings = [...(await checkDependencies(directory)), ...(await checkTroubleshooting(directory))]
  for (const page of pages.toSorted()) findings.push(...(await checkLinks(directory, page)))
  return { pages: pages.length, findings }
}

async function checkLinks(directory: string, page: string): Promise<Finding[]> {
  const lines = (await readFile(join(directory, page), 'utf8')).split('\n')
  return lines.flatMap((text, index) =>
    linksOf(text)
      .filter((link) => !existsSync(join(directory, dirname(page), link)))
      .map((link) => ({ file: page, line: index + 1, what: `the link to ${link} leads nowhere` })),
  )
}

/** Relative targets of `[text](target)`; addresses on the web are not looked up, because a check must not need a network. */
function linksOf(text: string): string[] {
  return Array.from(text.matchAll(/\]\(([^)\s#]+)[^)]*\)/gu), (match) => match[1] ?? '').filter(
    (target) => !/^[a-z]+:/iu.test(target),
  )
}

async function checkDependencies(directory: string): Promise<Finding[]> {
  const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >
  const wanted = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  )
  const lines = (await readFile(join(directory, PAGE_OF_DEPENDENCIES), 'utf8')).split('\n')
  const explained = lines.flatMap((text, index) => {
    const name = /^\| `([^`]+)`\s*\|/u.exec(text)?.[1]
    return name === undefined ? [] : [{ name, line: index + 1 }]
  })
  const names = new Set(explained.map(({ name }) => name))
  const missing = wanted
    .filter((name) => !names.has(name))
    .map((name) => ({
      file: 'package.json',
      line: 1,
      what: `${name} has no line in ${PAGE_OF_DEPENDENCIES}`,
    }))
  const surplus = explained
    .filter(({ name }) => !wanted.includes(name))
    .map(({ name, line }) => ({ file: PAGE_OF_DEPENDENCIES, line, what: `${name} is not in package.json` }))
  return [...missing, ...surplus]
}
