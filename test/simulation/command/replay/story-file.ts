import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Story } from '../../run/story.ts'
import { kindNamed } from '../../run/draw-story.ts'

/** Writes a story where `--replay` finds it; the suffix tells those of one seed apart. Returns the file's name. */
export function saveStory(directory: string, story: Story, suffix: string): string {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, `${story.scenario}-${story.seed}-${suffix}.json`)
  writeFileSync(file, storyJson(story))
  return file
}

/** Reads a story that was written before; throws for anything else. */
export function readStory(file: string): Story {
  const story: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isStory(story)) throw new Error(`${file} is no story: it has no happenings, releases and seed`)
  for (const { kind } of story.happenings) kindNamed(kind)
  return story
}

function isStory(value: unknown): value is Story {
  const { happenings, releases, seed } = (value ?? {}) as Partial<Story>
  return Array.isArray(happenings) && Array.isArray(releases) && typeof seed === 'number'
}

/** One happening a line, so that people can read it and drop some. */
export function storyJson({ happenings, ...rest }: Story): string {
  const head = JSON.stringify(rest, undefined, 2).replace(/\n\}$/, '')
  const lines = happenings.map((happening) => `    ${JSON.stringify(happening)}`)
  return `${head},\n  "happenings": [\n${lines.join(',\n')}\n  ]\n}\n`
}
