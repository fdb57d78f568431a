import type { AdoptionWishes } from './facts.ts'

/** What the parts of an adopted release are called. */
export interface AdoptedNames {
  readonly release: string
  readonly services: Readonly<Record<'blue' | 'green', string>>
  readonly targetGroups: Readonly<Record<'blue' | 'green', string>>
}

/** Names of the pair: what exists is the blue side as it is. */
export function namesOf(wishes: AdoptionWishes, targetGroup: string): AdoptedNames {
  return {
    release: wishes.release ?? releaseName(wishes.service),
    services: { blue: wishes.service, green: wishes.greenService ?? greenName(wishes.service) },
    targetGroups: { blue: targetGroup, green: wishes.greenTargetGroup ?? greenName(targetGroup) },
  }
}

/** `web-blue` gets `web-green`, and so does `web`. */
const greenName = (blue: string): string => `${blue.replace(/-blue$/, '')}-green`

/** `Shop_Web-blue` is called `shop-web`. */
const releaseName = (service: string): string =>
  service
    .replace(/-blue$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
