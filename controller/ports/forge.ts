/** A branch that is asked to be merged. */
export interface PullRequest {
  /** The branch that has the change, in the repository itself. */
  readonly head: string
  /** The branch that it shall be merged to. */
  readonly base: string
  readonly title: string
  readonly body: string
}

/** Where a repository is looked after by people: GitHub, GitLab. Methods reject with PortErrors. */
export interface Forge {
  /** Opens a pull request, or finds the open one of these branches; resolves to its page. */
  open(request: PullRequest): Promise<{ readonly url: string }>
}
