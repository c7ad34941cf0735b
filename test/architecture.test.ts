import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';

import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inheritedEnvironment } from '../workers/config.ts';
import { IMPORT_TABLE } from './architecture/import-table.ts';
import { inspect } from './architecture/inspect.ts';
import { parseSource, readSourceTree } from './architecture/source-file.ts';

const root = process.cwd();

describe('the source tree', () => {
  const files = readSourceTree(root);

  it('was seen as a whole', () => {
    const folders = Object.keys(IMPORT_TABLE);
    const expected = folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }));
    expect(files.map((file) => file.path)).toEqual(expect.arrayContaining(expected));
    expect(expected.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(expected.length);
  });

  it('keeps to the table of imports, the names, the sizes and the places of what is impure, and has no cycle', () => {
    expect(inspect(files)).toEqual([]);
  });
});

describe('inspect', () => {
  const breachesOf = (sources: Readonly<Record<string, string>>) =>
    inspect(Object.entries(sources).map(([path, source]) => parseSource(path, source)));
  const target = {
    'crm/port.ts': '',
    'crm/call.ts': '',
    'program/claim.ts': '',
    'activities/push.ts': '',
    'store/link.ts': '',
    'sandbox/main.ts': '',
    'test/story.ts': '',
  };

  it.each([
    ['program/a.ts', "import { x } from '../store/link.ts';", 'may not import store/link.ts'],
    ['program/a.ts', "import type { x } from '../store/link.ts';", 'may not import store/link.ts'],
    ['program/rules/a.ts', "export * from '../../crm/port.ts';", 'may not import crm/port.ts'],
    ['program/a.ts', "import { join } from 'node:path';", 'may not import node:path'],
    ['program/a.ts', "import fs from 'fs';", 'may not import fs'],
    ['program/a.ts', "import { condition } from '@temporalio/workflow';", 'may not import the package @temporalio/workflow'],
    ['program/a.ts', 'export const at = () => Date.now();', 'uses Date.now; time and randomness are arguments here'],
    ['mappings/a.ts', 'export const at = () => new Date();', 'uses new Date(); time and randomness are arguments here'],
    ['program/a.ts', 'export const at = () => Math.random();', 'uses Math.random; time and randomness are arguments here'],
    ['mappings/a.ts', "import { x } from '../crm/port.ts';", 'may import only types of crm/port.ts'],
    ['mappings/a.ts', "import type { x } from '../crm/call.ts';", 'may not import crm/call.ts'],
    ['crm/salesforce/a.ts', "import { x } from '../../program/claim.ts';", 'may not import program/claim.ts'],
    ['activities/a.ts', "import { x } from '../crm/call.ts';", 'may not import crm/call.ts'],
    ['activities/a.ts', "import { Client } from '@temporalio/client';", 'may not import the package @temporalio/client'],
    ['workflows/a.ts', "import { x } from '../activities/push.ts';", 'may import only types of activities/push.ts'],
    ['workflows/a.ts', "import { type x, y } from '../activities/push.ts';", 'may import only types of activities/push.ts'],
    ['workflows/a.ts', "const x = await import('../store/link.ts');", 'may not import store/link.ts'],
    ['api/a.ts', "import { x } from '../crm/call.ts';", 'may not import crm/call.ts'],
    ['workers/a.ts', "import { x } from '../test/story.ts';", 'may not import test/story.ts'],
    ['sandbox/a.ts', "import { x } from '../program/claim.ts';", 'may not import program/claim.ts'],
    ['store/a.ts', 'export const url = process.env.DATABASE_URL;', 'reads process.env; only workers/config.ts does'],
    ['store/a.ts', "import { x } from './nowhere.ts';", 'imports store/nowhere.ts, which is not there'],
    ['store/sync-utils.ts', '', '"sync-utils" names no concept'],
    ['store/helpers/a.ts', '', '"helpers" names no concept'],
    ['store/syncCursor.ts', '', '"syncCursor" is not kebab-case'],
    ['store/index.ts', '', 'only workflows/index.ts gathers exports'],
    ['elsewhere/a.ts', '', 'lies in no folder of the import table'],
  ])('catches in %s: %s', (path, source, breach) => {
    expect(breachesOf({ ...target, [path]: source })).toEqual([`${path}: ${breach}`]);
  });

  it('catches the first line too many', () => {
    expect(breachesOf({ 'store/a.ts': 'export {};\n'.repeat(400) })).toEqual([]);
    expect(breachesOf({ 'store/a.ts': 'export {};\n'.repeat(401) })).toEqual(['store/a.ts: has 401 lines; at most 400']);
  });

  it('catches a cycle, also one of types alone', () => {
    const cycle = {
      'store/a.ts': "import type { b } from './b.ts';",
      'store/b.ts': "import { c } from './c.ts';",
      'store/c.ts': "import { a } from './a.ts';",
    };
    expect(breachesOf(cycle)).toEqual(['cycle: store/a.ts → store/b.ts → store/c.ts']);
  });

  it.each([
    ['mappings/a.ts', "import type { x } from '../crm/port.ts';"],
    ['workflows/a.ts', "import type * as activities from '../activities/push.ts';"],
    ['workflows/a.ts', "import { type x } from '../activities/push.ts';"],
    ['program/a.ts', "// import { x } from '../store/link.ts';\nexport const text = \"import x from 'node:fs'; Date.now()\";"],
    ['program/a.ts', 'export const day = (at: number) => new Date(at);'],
    ['program/partner-manager.ts', ''],
  ])('lets pass in %s: %s', (path, source) => {
    expect(breachesOf({ ...target, [path]: source })).toEqual([]);
  });
});

describe('the linter', () => {
  const TSCONFIG = { compilerOptions: { strict: true, module: 'nodenext', types: [], noEmit: true, allowImportingTsExtensions: true } };

  /** Runs oxlint with this project's configuration over a folder with only these files, and answers which rules spoke about which file. */
  function lint(sources: Readonly<Record<string, string>>): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), 'dealkeeper-lint-'));
    try {
      copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      for (const [path, source] of Object.entries(sources)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), source);
      }
      const args = [join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--type-aware', '--format=json'];
      const env = { ...inheritedEnvironment(), OXLINT_TSGOLINT_PATH: join(root, 'node_modules', '.bin', 'tsgolint') };
      const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env, timeout: 60_000 });
      const report = JSON.parse(stdout) as { readonly diagnostics: readonly { readonly filename: string; readonly code: string }[] };
      return report.diagnostics.map((found) => `${found.filename} ${found.code}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const used = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
  const typed = (specifier: string) => `import type { x } from '${specifier}';\nexport type Y = x;\n`;
  const BANNED = 'eslint(no-restricted-imports)';

  it('catches a planted breach in every folder, and lets the permitted neighbour pass', () => {
    const breaches: Readonly<Record<string, string>> = {
      'program/a.ts': used('../store/link.ts'),
      'program/rules/b.ts': used('node:fs'),
      'mappings/a.ts': used('../crm/port.ts'),
      'mappings/b.ts': typed('../crm/call.ts'),
      'crm/salesforce/a.ts': used('../../program/claim.ts'),
      'store/a.ts': used('../crm/port.ts'),
      'notify/a.ts': used('../crm/call.ts'),
      'activities/a.ts': used('../crm/salesforce/call.ts'),
      'activities/sync/a.ts': used('../../crm/salesforce/call.ts'),
      'workflows/a.ts': used('../activities/push.ts'),
      'workflows/b.ts': used('../store/link.ts'),
      'api/a.ts': used('../crm/port.ts'),
      'sandbox/a.ts': used('../program/claim.ts'),
      'sandbox/kit/a.ts': used('../../program/claim.ts'),
      'sandbox/salesforce/wire/a.ts': used('../../../program/claim.ts'),
      'workers/a.ts': used('../test/story.ts'),
    };
    const permitted: Readonly<Record<string, string>> = {
      'mappings/c.ts': typed('../crm/port.ts'),
      'activities/c.ts': used('../crm/failures.ts'),
      'workflows/c.ts': typed('../activities/push.ts'),
      'sandbox/salesforce/wire/c.ts': used('../store/record-store.ts'),
      'api/c.ts': used('../store/link.ts'),
    };
    const found = lint({ ...breaches, ...permitted });
    expect(found.filter((line) => line.endsWith(BANNED)).toSorted()).toEqual(
      Object.keys(breaches)
        .map((path) => `${path} ${BANNED}`)
        .toSorted(),
    );
  });

  it.each([
    [
      'a promise that nobody waits for',
      'async function work(): Promise<void> {}\nexport function start(): void {\n  work();\n}\n',
      'typescript(no-floating-promises)',
    ],
    [
      'a switch that forgets a member',
      "export function name(kind: 'a' | 'b'): string {\n  switch (kind) {\n    case 'a':\n      return 'A';\n  }\n  return '';\n}\n",
      'typescript(switch-exhaustiveness-check)',
    ],
    ['the environment', 'export const home = process.env.HOME;\n', 'node(no-process-env)'],
    ['any', 'export const x: any = 1;\n', 'typescript(no-explicit-any)'],
  ])('catches %s', (_what, source, rule) => {
    expect(lint({ 'store/a.ts': source })).toContain(`store/a.ts ${rule}`);
  });

  it('catches a cycle', () => {
    const found = lint({
      'store/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'store/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    });
    expect(found).toContain('store/a.ts import(no-cycle)');
  });

  it('catches a clock in pure rules, and leaves it to others', () => {
    const source = 'export const now = () => Date.now();\n';
    expect(lint({ 'program/a.ts': source, 'store/a.ts': source })).toEqual(['program/a.ts eslint(no-restricted-properties)']);
  });
});
