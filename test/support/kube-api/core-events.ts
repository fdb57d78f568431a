import type { KubeKind, KubeObject } from './model.ts'

/** An Event as `v1` shows it, which is how kubectl asks for it; it is one object under two names. */
function asCoreEvent(object: KubeObject): KubeObject {
  const { regarding, note, reportingController, apiVersion: _version, ...rest } = object
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: regarding,
    message: note,
    reportingComponent: reportingController,
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
  }
}

/** The kind of `v1` over the one that is stored. */
export function coreEventsOver(stored: KubeKind): KubeKind {
  return {
    ...stored,
    group: '',
    shortNames: ['ev'],
    columns: [
      { name: 'Type', type: 'string', jsonPath: '.type' },
      { name: 'Reason', type: 'string', jsonPath: '.reason' },
      { name: 'Message', type: 'string', jsonPath: '.message' },
    ],
    fields: ['uid', 'name', 'namespace', 'kind', 'apiVersion']
      .map((field) => `involvedObject.${field}`)
      .concat('reason', 'type', 'reportingComponent'),
    view: { of: stored, show: asCoreEvent },
  }
}
