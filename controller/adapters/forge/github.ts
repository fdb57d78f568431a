import type { Forge, PullRequest } from '../../ports/forge.ts'
import type { ForgeAnswer } from './ask.ts'
import { askForge, pageIn, refused } from './ask.ts'
import type { Place } from './place.ts'

/**
 * Pull requests of github.com and of GitHub Enterprise Server.
 * https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
 */
export function createGitHub({ api, project }: Place, token: string): Forge {
  const pulls = `${api}/repos/${project.split('/').map(encodeURIComponent).join('/')}/pulls`
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'x-github-api-version': '2022-11-28',
  }
  const about = { place: new URL(api).host, scope: 'Pull requests: write', token }

  /** The answer to a second one for the same branches is 422, which other refusals are, too. */
  async function openOne({ head, base }: PullRequest): Promise<unknown> {
    const [owner = ''] = project.split('/')
    const query = new URLSearchParams({ state: 'open', head: `${owner}:${head}`, base })
    const found = await askForge({ method: 'GET', url: `${pulls}?${query.toString()}`, headers })
    return found.status === 200 && Array.isArray(found.json) ? (found.json[0] as unknown) : undefined
  }

  return {
    async open(request) {
      const { head, base, title, body } = request
      const answer: ForgeAnswer = await askForge({
        method: 'POST',
        url: pulls,
        headers,
        body: { head, base, title, body },
      })
      if (answer.status === 201) return pageIn(answer.json, 'html_url', about.place)
      const known = answer.status === 422 ? await openOne(request) : undefined
      if (known === undefined) throw refused(answer, about)
      return pageIn(known, 'html_url', about.place)
    },
  }
}
