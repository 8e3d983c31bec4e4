// The bands of ARCHITECTURE.md as rules: imports point downwards only, no cycles.
const MAY_IMPORT = {
  cli: [
    'client',
    'dsl',
    'pipelines',
    'ir',
    'viewer',
    'devserver',
    'lineage',
    'storage',
    'deploy',
    'contract',
    'config',
    'errors',
    'util',
  ],
  viewer: ['client', 'contract', 'lineage', 'storage', 'ir', 'errors', 'util'],
  client: ['contract', 'lineage', 'storage', 'ir', 'errors', 'util'],
  devserver: ['config', 'errors', 'util'],
  activities: ['contract', 'runners', 'storage', 'lineage', 'deploy', 'ir', 'errors', 'util'],
  runners: ['contract', 'storage', 'ir', 'errors', 'util'],
  deploy: ['contract', 'storage', 'errors', 'util'],
  lineage: ['contract', 'storage', 'ir', 'errors', 'util'],
  storage: ['ir', 'errors', 'util'],
  workflow: ['interpreter', 'contract', 'ir', 'errors', 'util'],
  interpreter: ['contract', 'ir', 'errors', 'util'],
  contract: ['ir', 'errors', 'util'],
  pipelines: ['dsl'],
  dsl: ['ir', 'errors', 'util'],
  ir: ['errors', 'util'],
  config: ['errors', 'util'],
  errors: [],
  util: ['errors'],
};

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} may import only: ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...folderRules,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'src-never-imports-workers-or-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(workers|test)/' },
    },
    {
      name: 'sandbox-has-no-node',
      comment:
        'these folders load in the Temporal workflow sandbox: no Node built-ins, YAML, zod or SDK clients',
      severity: 'error',
      from: { path: '^src/(workflow|interpreter|contract|errors|util)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'ir-node-only-in-yaml',
      comment: 'src/ir loads in the sandbox, except src/ir/yaml',
      severity: 'error',
      from: { path: '^src/ir/', pathNot: '^src/ir/yaml/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'temporal-workflow-only-in-workflow',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/workflow/' },
      to: { path: 'node_modules/@temporalio/workflow' },
    },
    {
      name: 'aws-only-behind-its-folder',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(storage/s3|deploy/sagemaker|runners/sagemaker)/' },
      to: { path: 'node_modules/@aws-sdk' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types'] },
  },
};
