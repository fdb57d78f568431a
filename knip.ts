import type { KnipConfig } from 'knip'

const config: KnipConfig = {
  entry: [
    'controller/dashboard/main.js',
    'scripts/*.ts',
    'test/**/*.test.ts',
    // Named by --import, on the command line.
    'test/simulation/planted/preload.ts',
    // Named by vitest.mutation.config.ts, as the runner of its tests.
    'test/support/stop-at-first-failure.ts',
  ],
  project: ['controller/**/*.{ts,js}', 'scripts/**/*.ts', 'test/**/*.ts'],
  ignore: ['controller/resources/generated/**'],
  ignoreDependencies: [
    // Started as a program by scripts/checks/imports.ts, by its path.
    'dependency-cruiser',
    // Only the type of stryker.config.mjs, by way of Stryker itself.
    '@stryker-mutator/api',
    // Of stores, engines and watchers that are being written: each takes its own out of here when it uses it.
    '@aws-sdk/client-cloudtrail',
    '@aws-sdk/client-sqs',
  ],
  // Programs of the machine that tests start; .ci/packages installs them, or CI demands that they are there.
  ignoreBinaries: ['terraform', 'prometheus', 'promtool', 'ssh-keygen', 'openssl', 'moto_server', 'mkfifo'],
  // Each run of the tests has its own configuration, and may name files that only it reads.
  vitest: { config: ['vitest.config.ts', 'vitest.*.config.ts'] },
  ignoreExportsUsedInFile: { interface: true, type: true },
}

export default config
