/** Whether an Accept header (RFC 9110, section 12.5.1) prefers `application/openmetrics-text` to plain text. */
export function prefersOpenMetrics(accept: string | undefined): boolean {
  const qualities = (accept ?? '').slice(0, 2_000).split(',').map(mediaRange)
  const openMetrics = highest(qualities, ['application/openmetrics-text'])
  return openMetrics > 0 && openMetrics >= highest(qualities, ['text/plain', 'text/*'])
}

function highest(
  ranges: readonly { readonly type: string; readonly quality: number }[],
  types: readonly string[],
): number {
  return Math.max(0, ...ranges.filter(({ type }) => types.includes(type)).map(({ quality }) => quality))
}

function mediaRange(text: string): { readonly type: string; readonly quality: number } {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))
  const value = quality === undefined ? 1 : Number(quality.slice(2))
  return { type, quality: Number.isNaN(value) ? 0 : value }
}
