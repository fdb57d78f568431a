// Who may import whom: docs/reference/architecture.md as rules. A rule's comment is its reason, and is what the
// check prints. Run it by `npm run imports`, which also fails when fewer modules were read than there are.

/** The whole of `controller/`: "anything of the project". */
const project = '^controller/'

/** npm packages that compute and never touch the outside world: the only ones that core and resources may use. */
const pureLibraries = ['ajv', 'js-yaml', 'yaml', '@marcbachmann/cel-js', 'ipaddr\\.js', 'croner']

/** Builtins that compute: bytes, hashes, paths as text. Everything else of Node is I/O, time or chance. */
const pureBuiltins = ['node:crypto', 'node:buffer', 'node:util', 'node:path/posix', 'node:assert', 'node:url']

/** Builds a rule that allows a folder the listed folders of the project and forbids it every other one. */
const mayImportOnly = ({ name, folder, allowed, comment }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^controller/${folder}` },
  to: { path: project, pathNot: allowed.map((path) => `^controller/${path}`) },
})

const projectRules = [
  mayImportOnly({
    name: 'resources-stand-alone',
    folder: 'resources/',
    allowed: ['resources/'],
    comment:
      'The kinds are the vocabulary that everybody shares: were they to import anything, everybody would.',
  }),
  mayImportOnly({
    name: 'core-knows-only-the-kinds',
    folder: 'core/',
    allowed: ['core/', 'resources/'],
    comment:
      'Core is data in, data out: a plan can be replayed, diffed and tested without a port, a clock or a cloud.',
  }),
  mayImportOnly({
    name: 'ports-speak-of-core-and-kinds',
    folder: 'ports/',
    allowed: ['ports/', 'core/', 'resources/'],
    comment: 'A port names what the engine needs; one that knew its adapter would not be a port.',
  }),
  {
    name: 'ports-are-types',
    comment: 'Ports are interfaces: they may take types from core and the kinds, never code to run.',
    severity: 'error',
    from: { path: '^controller/ports/' },
    to: { path: '^controller/(core|resources)/', dependencyTypesNot: ['type-only'] },
  },
  mayImportOnly({
    name: 'engine-works-through-ports',
    folder: 'engine/',
    allowed: ['engine/', 'core/', 'ports/', 'resources/'],
    comment:
      'The engine decides order and time. If it knew a vendor, the simulation could not stand in for that vendor.',
  }),
  {
    name: 'adapters-know-no-other-adapter',
    comment:
      'One vendor per folder: an adapter that leans on another cannot be replaced, tested or read alone.',
    severity: 'error',
    from: { path: '^controller/adapters/([^/]+)/' },
    to: { path: project, pathNot: ['^controller/adapters/$1/', '^controller/(core|ports|resources)/'] },
  },
  {
    name: 'adapters-live-in-a-folder',
    comment: 'A file directly under adapters/ belongs to no vendor, so every vendor would come to share it.',
    severity: 'error',
    from: {},
    to: { path: '^controller/adapters/[^/]+\\.ts$' },
  },
  mayImportOnly({
    name: 'api-reads-through-ports',
    folder: 'api/',
    allowed: ['api/', 'core/', 'resources/', 'ports/'],
    comment:
      'The API shows what is stored and enqueues keys: with the engine in reach it would grow a second way to act.',
  }),
  mayImportOnly({
    name: 'cli-talks-to-core-and-the-api',
    folder: 'cli/',
    allowed: ['cli/', 'core/', 'resources/', 'ports/', 'api/client(\\.ts$|/)'],
    comment: 'A verb is a thin thing over core or the HTTP API; what starts servers is handed in by main.ts.',
  }),
  {
    name: 'api-and-cli-take-types-of-ports',
    comment:
      'The API and the command line are handed their ports by main.ts: of the folder they need the shapes alone.',
    severity: 'error',
    from: { path: '^controller/(api|cli)/' },
    to: { path: '^controller/ports/', dependencyTypesNot: ['type-only'] },
  },
  mayImportOnly({
    name: 'dashboard-sees-the-api-alone',
    folder: 'dashboard/',
    allowed: ['dashboard/', 'api/view\\.ts$'],
    comment:
      'The page can show only what any client could read: then the API is complete, and the page leaks nothing.',
  }),
  {
    name: 'dashboard-takes-types-of-the-view',
    comment: 'The page runs in a browser: code of the server cannot follow it there.',
    severity: 'error',
    from: { path: '^controller/dashboard/' },
    to: { path: '^controller/api/', dependencyTypesNot: ['type-only'] },
  },
  mayImportOnly({
    name: 'sandbox-imports-nothing-of-the-project',
    folder: 'sandbox/',
    allowed: ['sandbox/'],
    comment:
      'The sandbox judges the adapters: sharing code with them, it would share their bugs and find none.',
  }),
  mayImportOnly({
    name: 'config-knows-only-the-kinds',
    folder: 'config\\.ts$',
    allowed: ['resources/', 'core/'],
    comment: 'Settings are read before anything is started, so they can lean on nothing that is started.',
  }),
  {
    name: 'nothing-imports-main',
    comment: 'main.ts is the composition root: it knows every layer because no layer knows it.',
    severity: 'error',
    from: { pathNot: '^test/' },
    to: { path: '^controller/main\\.ts$' },
  },
  {
    name: 'only-main-composes',
    comment:
      'compose/ is main.ts in several files (docs/decisions/0003): whoever else imported it would know every layer too.',
    severity: 'error',
    from: { path: project, pathNot: '^controller/(main\\.ts$|compose/)' },
    to: { path: '^controller/compose/' },
  },
  mayImportOnly({
    name: 'demo-plays-a-user',
    folder: 'demo/',
    allowed: ['demo/', 'api/client(\\.ts$|/)'],
    comment:
      'The demo sees what a user sees, by the API, git and HTTP (docs/decisions/0004): the sandbox and the controller are handed to it, so it can walk around nothing.',
  }),
  {
    name: 'only-compose-starts-the-demo',
    comment: 'The demo has one door, demo/demo.ts: what it says and checks is no library for the product.',
    severity: 'error',
    from: { path: project, pathNot: '^controller/(compose|demo)/' },
    to: { path: '^controller/demo/' },
  },
  {
    name: 'compose-uses-the-door-of-the-demo',
    comment: 'Compose hands the demo its sandbox and its controller; the story is told inside.',
    severity: 'error',
    from: { path: '^controller/compose/' },
    to: { path: '^controller/demo/', pathNot: '^controller/demo/demo\\.ts$' },
  },
  {
    name: 'the-program-never-imports-tests-or-scripts',
    comment: 'What ships must not need what does not ship.',
    severity: 'error',
    from: { path: project },
    to: { path: '^(test|scripts)/' },
  },
]

const outsideRules = [
  {
    name: 'core-uses-no-io-library',
    comment:
      'An npm package in core must be on the list of pure ones: one that reads a file or a clock ends replay.',
    severity: 'error',
    from: { path: '^controller/(core|resources)/' },
    to: {
      dependencyTypes: [
        'npm',
        'npm-dev',
        'npm-optional',
        'npm-peer',
        'npm-bundled',
        'npm-no-pkg',
        'npm-unknown',
      ],
      pathNot: pureLibraries.map((library) => `(^|/)node_modules/${library}/`),
    },
  },
  {
    name: 'core-uses-no-io-builtin',
    comment:
      'No file system, network, child process, timer or process in core: they are arguments, or another layer.',
    severity: 'error',
    from: { path: '^controller/(core|resources)/' },
    to: { dependencyTypes: ['core'], pathNot: pureBuiltins.map((name) => `^(${name}|${name.slice(5)})$`) },
  },
  {
    name: 'ports-need-no-library',
    comment: "A vendor's type in a port would bind every adapter of that port to the vendor.",
    severity: 'error',
    from: { path: '^controller/ports/' },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'sandbox-uses-no-library',
    comment:
      'The sandbox speaks the wire protocols by Node alone: an SDK in it would agree with the SDK in the adapters.',
    severity: 'error',
    from: { path: '^controller/sandbox/' },
    to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'demo-uses-http-and-git-alone',
    comment: 'A user of the demo has a browser and git: another library would be a way around the API.',
    severity: 'error',
    from: { path: '^controller/demo/' },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      pathNot: '(^|/)node_modules/(undici|simple-git)/',
    },
  },
  {
    name: 'only-adapters-use-the-aws-sdk',
    comment:
      'Every AWS call is counted, bounded and classed by an adapter; beyond it there are only our own words.',
    severity: 'error',
    from: { path: project, pathNot: '^controller/adapters/' },
    to: { path: '(^|/)@(aws-sdk|smithy)/' },
  },
  {
    name: 'the-program-uses-no-development-library',
    comment: 'The image is built without development dependencies: such an import would fail only there.',
    severity: 'error',
    from: { path: project },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
]

const shapeRules = [
  {
    name: 'no-cycle',
    comment:
      'Two modules that import each other are one module in two files, and load in an order nobody chose.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphan',
    comment: 'A module that imports nothing and is imported by nothing is dead, or is missing its test.',
    severity: 'error',
    from: {
      orphan: true,
      pathNot: [
        '\\.(test|bench)\\.ts$',
        '^controller/main\\.ts$',
        '\\.config\\.ts$',
        '^knip\\.ts$',
        '^scripts/',
      ],
    },
    to: {},
  },
  {
    name: 'resolvable',
    comment: 'An import that cannot be found is a typing error or a package missing from package.json.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'in-package-json',
    comment:
      'A package that merely happens to be installed is gone with the next release of whatever brought it.',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
]

export default {
  forbidden: [...projectRules, ...outsideRules, ...shapeRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    reporterOptions: { text: { highlightFocused: false } },
  },
}
