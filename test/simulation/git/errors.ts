import { PortError } from '../../../controller/ports/error.ts'

/** The mirror has no such commit: fetching again may bring it. */
export function commitMissing(id: string): PortError {
  return new PortError(`commit ${id} is not in the mirror`, {
    code: 'CommitMissing',
    handling: 'retry',
    remedy: 'It is fetched again; a commit that no branch or tag reaches may be gone for good.',
  })
}

/** The forge answers that there is no such repository. */
export function repositoryMissing(): PortError {
  return new PortError('the repository was not found', {
    code: 'SourceMissing',
    handling: 'wait',
    remedy: 'Create the repository, or correct spec.source.repository; it is looked at every interval.',
  })
}

/** What only a person can put right. */
export function refused(what: string): PortError {
  return new PortError(`refused: ${what}`, { code: 'SourceRefused', handling: 'stall' })
}

/** Passing trouble; `ambiguous` where a push may have happened. */
export function unavailable(what: string, ambiguous: boolean): PortError {
  return new PortError(what, { code: 'SourceUnavailable', handling: 'retry', ambiguous })
}

/** The local copy was found broken and is gone. */
export function mirrorDamaged(ambiguous: boolean): PortError {
  return new PortError('the mirror is damaged and was removed', {
    code: 'MirrorDamaged',
    handling: 'retry',
    remedy:
      'A damaged local mirror is removed and fetched anew; else mend the repository itself with `git fsck`.',
    ambiguous,
  })
}
