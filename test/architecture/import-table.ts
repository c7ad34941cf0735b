/** What may import what: the table of the folders, as data. The linter holds the same rules while people write; this one is exact, because it resolves paths. */

/** `types` may only be imported with `import type`. A path with a dot names one file, any other a folder with all that is in it. */
export interface FolderRule {
  readonly values: readonly string[];
  readonly types: readonly string[];
  readonly nodeModules: 'allowed' | 'banned';
  /** Null: any package but those of `bannedPackages`. */
  readonly packages: readonly string[] | null;
  readonly bannedPackages: RegExp | null;
}

const TEMPORAL = /^@temporalio\//;
const PURE = { nodeModules: 'banned', bannedPackages: null } as const;
const FREE = { nodeModules: 'allowed', packages: null } as const;

/** Every folder with code has a row: a file outside of them is a breach by itself. */
export const IMPORT_TABLE: Readonly<Record<string, FolderRule>> = {
  program: { ...PURE, values: ['program'], types: [], packages: ['zod', 'decimal.js', 'luxon', 'tldts', 'yaml'] },
  mappings: { ...PURE, values: ['mappings', 'program'], types: ['crm/port.ts'], packages: ['zod', 'decimal.js', 'luxon'] },
  crm: { ...FREE, values: ['crm'], types: [], bannedPackages: TEMPORAL },
  store: { ...FREE, values: ['store', 'program'], types: [], bannedPackages: TEMPORAL },
  notify: { ...FREE, values: ['notify', 'program', 'crm/port.ts'], types: [], bannedPackages: TEMPORAL },
  activities: {
    ...FREE,
    values: ['activities', 'program', 'mappings', 'crm/port.ts', 'crm/failures.ts', 'store', 'notify'],
    types: [],
    bannedPackages: /^@temporalio\/(?!activity$|common$)|^jsforce$/,
  },
  workflows: { ...PURE, values: ['workflows', 'program'], types: ['activities'], packages: ['@temporalio/workflow', '@temporalio/common'] },
  api: { ...FREE, values: ['api', 'program', 'store'], types: [], bannedPackages: /^@temporalio\/(?!client$|common$)|^jsforce$/ },
  workers: {
    ...FREE,
    values: ['workers', 'activities', 'api', 'crm', 'mappings', 'notify', 'program', 'store', 'workflows'],
    types: [],
    bannedPackages: null,
  },
  sandbox: { ...FREE, values: ['sandbox'], types: [], bannedPackages: /^@temporalio\/|^jsforce$/ },
  bench: { ...FREE, values: [''], types: [], bannedPackages: null },
  test: { ...FREE, values: [''], types: [], bannedPackages: null },
};

/** The one file with exports of others: Temporal bundles exactly what it exports. */
export const BARREL = 'workflows/index.ts';

/** Reads the environment. */
export const ENVIRONMENT_FILE = 'workers/config.ts';

/** In these, time, ids and randomness are arguments. In workflows/ the sandbox of Temporal makes them repeat themselves. */
export const PURE_FOLDERS = ['program', 'mappings'] as const;
