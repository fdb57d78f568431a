/**
 * The Prometheus text format 0.0.4 rewritten as OpenMetrics 1.0: a counter's family is named without `_total`, no empty lines, `# EOF` at the
 * end. (The metrics library's own OpenMetrics output renames its counters for good, and so spoils the other format.)
 */
export function toOpenMetrics(prometheusText: string): string {
  const lines = prometheusText.split('\n').filter((line) => line !== '')
  const counters = new Set(lines.flatMap((line) => /^# TYPE (\S+_total) counter$/.exec(line)?.[1] ?? []))
  const rewritten = lines.map((line) => {
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (keyword === undefined || name === undefined || !counters.has(name)) return line
    return `# ${keyword} ${name.slice(0, -'_total'.length)} ${rest}`
  })
  return `${rewritten.join('\n')}\n# EOF\n`
}
