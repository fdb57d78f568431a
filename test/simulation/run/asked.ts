/** What people ask of a controller by the CLI. */
export type Asked =
  | { readonly verb: 'pause' | 'resume' }
  | { readonly verb: 'retry' | 'restart' | 'abort'; readonly release: string }
