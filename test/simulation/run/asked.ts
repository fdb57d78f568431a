/** What people want of a controller by the CLI. */
export type Wish =
  | { readonly verb: 'pause' | 'resume' }
  | { readonly verb: 'retry' | 'restart' | 'abort'; readonly release: string }

/** A wish as it is sent: with the same token each time that it is sent. */
export type Asked = Wish & { readonly token: string }
