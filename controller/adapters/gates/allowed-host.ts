import { matchesGlob } from '../../core/glob.ts'

/** Whether one of the patterns of `allow.gateHosts` names the host; `*` stands for any run of characters. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '')
  return allowed.some((pattern) => matchesGlob(plain(pattern), plain(host)))
}
