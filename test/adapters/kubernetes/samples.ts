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
