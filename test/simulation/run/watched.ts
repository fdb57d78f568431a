import { alarmOf } from '../aws/alarms.ts'
import type { Story } from './story.ts'

/** The gate that looks at a release's alarm. */
export const RED_GATE = 'red'

/** Gates that watch the bake, as YAML in front of the release's other gates. */
export function withWatches(text: string, release: string, watched: Story['watched']): string {
  if (watched === undefined) return text
  const alreadyRed = watched === 'strictly' ? 'Fail' : 'Ignore'
  const red = `{ name: ${RED_GATE}, alarms: [${alarmOf(release)}], alreadyRed: ${alreadyRed}, timeout: 1m }`
  const errors = `{ name: error-rate, prometheus: { server: 'http://prometheus.simulation', query: errors, max: 0.01 }, failureLimit: 1, timeout: 1m }`
  const written = text.replace(/^( *)gates:\n/m, (line, indent: string) => {
    return `${line}${indent}  - ${red}\n${indent}  - ${errors}\n`
  })
  return written.replace(/bake: \d+s/, `bake: ${BAKE}`)
}

/** Long enough for several looks at an alarm. */
const BAKE = '90s'
