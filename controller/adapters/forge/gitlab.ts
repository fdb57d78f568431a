import type { Forge, PullRequest } from '../../ports/forge.ts'
import { askForge, pageIn, refused } from './ask.ts'
import type { Place } from './place.ts'

/** Merge requests of gitlab.com and of GitLab's own servers. https://docs.gitlab.com/api/merge_requests/#create-mr */
export function createGitLab({ api, project }: Place, token: string): Forge {
  const requests = `${api}/projects/${encodeURIComponent(project)}/merge_requests`
  const headers = { 'private-token': token }
  const about = { place: new URL(api).host, scope: 'api', token }

  async function openOne({ head, base }: PullRequest): Promise<unknown> {
    const query = new URLSearchParams({ state: 'opened', source_branch: head, target_branch: base })
    const found = await askForge({ method: 'GET', url: `${requests}?${query.toString()}`, headers })
    return found.status === 200 && Array.isArray(found.json) ? (found.json[0] as unknown) : undefined
  }

  return {
    async open(request) {
      const { head, base, title, body } = request
      const answer = await askForge({
        method: 'POST',
        url: requests,
        headers,
        body: {
          source_branch: head,
          target_branch: base,
          title,
          description: body,
          remove_source_branch: true,
        },
      })
      if (answer.status === 201) return pageIn(answer.json, 'web_url', about.place)
      const known = answer.status === 409 ? await openOne(request) : undefined
      if (known === undefined) throw refused(answer, about)
      return pageIn(known, 'web_url', about.place)
    },
  }
}
