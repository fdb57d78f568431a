/** A spec that the schema of a Release takes. */
export const releaseSpec = {
  image: { container: 'web', repository: 'shop/web', tag: 'v1' },
  taskDefinition: { file: 'taskdefs/web.json' },
  service: { cluster: 'shop' },
  traffic: {
    loadBalancer: 'shop',
    rules: [{ port: 443 }],
    targetGroups: { blue: 'web-blue', green: 'web-green' },
  },
}

export const environmentSpec = {
  source: { repository: 'https://git.example.com/shop.git', branch: 'main' },
  aws: { region: 'eu-west-1' },
}

/** And one that the schema of a Rollout takes. */
export const rolloutSpec = {
  environment: 'prod',
  release: 'web',
  number: 1,
  commit: '0'.repeat(40),
  revision: `main@sha1:${'0'.repeat(40)}`,
  why: 'Commit',
  who: 'somebody',
  digest: 'a'.repeat(64),
  from: { side: 'blue' },
  to: { side: 'green' },
  service: { cluster: 'shop', names: { blue: 'web-blue', green: 'web-green' } },
  strategy: { type: 'BlueGreen' },
}
