/** How long Terraform waits for the state's lock, as it wants to be told. */
export function lockTimeout(timeoutMs: number): string {
  return `-lock-timeout=${Math.ceil(timeoutMs / 1_000)}s`
}
