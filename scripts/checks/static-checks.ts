/** The npm scripts that read the tree and run nothing of it, cheapest first. */
export const STATIC_CHECKS = [
  'format:check',
  'sources',
  'documents',
  'dockerfile',
  'imports',
  'lint',
  'types',
  'generate:check',
  'unused',
] as const
