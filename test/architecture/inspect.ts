import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { BARREL, ENVIRONMENT_FILE, IMPORT_TABLE, PURE_FOLDERS, type FolderRule } from './import-table.ts';
import type { ImportedModule, SourceFile } from './source-file.ts';

const MOST_LINES = 400;
const VAGUE = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'type',
  'types',
  'common',
  'manager',
  'managers',
  'service',
  'services',
  'misc',
  'shared',
]);

/** Every breach of the architecture in `files`, as `path: what`. */
export function inspect(files: readonly SourceFile[]): readonly string[] {
  const known = new Set(files.map((file) => file.path));
  return [...files.flatMap((file) => inspectFile(file, known).map((what) => `${file.path}: ${what}`)), ...findCycles(files)];
}

function inspectFile(file: SourceFile, known: ReadonlySet<string>): readonly string[] {
  const rule = IMPORT_TABLE[folderOf(file.path)];
  if (rule === undefined) return ['lies in no folder of the import table'];
  return [
    ...file.imports.flatMap((imported) => judgeImport(file, imported, rule, known)),
    ...judgeName(file),
    ...(file.lines > MOST_LINES ? [`has ${file.lines} lines; at most ${MOST_LINES}`] : []),
    ...(file.readsEnvironment && file.path !== ENVIRONMENT_FILE ? [`reads process.env; only ${ENVIRONMENT_FILE} does`] : []),
    ...(isPure(file.path) ? file.impurities.map((name) => `uses ${name}; time and randomness are arguments here`) : []),
  ];
}

function judgeImport(file: SourceFile, imported: ImportedModule, rule: FolderRule, known: ReadonlySet<string>): readonly string[] {
  const { specifier } = imported;
  if (!specifier.startsWith('.')) return judgePackage(specifier, rule);
  const target = resolveImport(file.path, specifier);
  if (specifier.endsWith('.ts') && !known.has(target)) return [`imports ${target}, which is not there`];
  if (rule.values.some((allowed) => lies(target, allowed))) return [];
  if (!rule.types.some((allowed) => lies(target, allowed))) return [`may not import ${target}`];
  return imported.isTypeOnly ? [] : [`may import only types of ${target}`];
}

function judgePackage(specifier: string, rule: FolderRule): readonly string[] {
  if (isBuiltin(specifier)) return rule.nodeModules === 'allowed' ? [] : [`may not import ${specifier}`];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const isAllowed = (rule.packages === null || rule.packages.includes(name)) && rule.bannedPackages?.test(name) !== true;
  return isAllowed ? [] : [`may not import the package ${name}`];
}

function judgeName(file: SourceFile): readonly string[] {
  const segments = file.path.replace(/(\.test)?\.ts$/, '').split('/');
  const problems = segments.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)).map((name) => `"${name}" is not kebab-case`);
  const vague = segments.filter((name) => VAGUE.has(name) || VAGUE_ENDING.test(name)).map((name) => `"${name}" names no concept`);
  const isBarrel = segments.at(-1) === 'index' && file.path !== BARREL;
  return [...problems, ...vague, ...(isBarrel ? [`only ${BARREL} gathers exports`] : [])];
}

/** `partner-manager` is a role of the program, so this word may end a name. */
const VAGUE_ENDING = /-(utils?|helpers?|types|common|services?)$/;

/** One line a cycle, beginning with its first file in the alphabet. Types count: two files that know each other are one concept or a wrong cut. */
function findCycles(files: readonly SourceFile[]): readonly string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter((one) => one.specifier.startsWith('.')).map((one) => resolveImport(file.path, one.specifier)),
    ]),
  );
  const done = new Set<string>();
  const cycles = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      const cycle = trail.slice(at);
      const first = cycle.indexOf(cycle.toSorted()[0] ?? path);
      cycles.add([...cycle.slice(first), ...cycle.slice(0, first)].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const file of files) walk(file.path, []);
  return [...cycles].map((cycle) => `cycle: ${cycle}`);
}

function resolveImport(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier));
}

function lies(target: string, allowed: string): boolean {
  return allowed === '' || target === allowed || target.startsWith(`${allowed}/`);
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function isPure(path: string): boolean {
  return PURE_FOLDERS.some((folder) => lies(path, folder));
}
