/** The door of this adapter: whoever needs a cluster loads it, and with it the client's library, which takes half a second and 90 MB. */
export { openKubeClient } from './client.ts'
export { createEventRecorder } from './events/event-recorder.ts'
export { KubeLeases } from './kube-leases.ts'
export { createKubeSecrets } from './kube-secrets.ts'
export { createOwnedStore } from './owned-store.ts'
