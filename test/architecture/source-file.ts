import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

export interface ImportedModule {
  readonly specifier: string;
  /** True when nothing of it is left once types are stripped. */
  readonly isTypeOnly: boolean;
}

/** What the architecture rules look at in one file. */
export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ImportedModule[];
  readonly readsEnvironment: boolean;
  /** The names of what it uses of the real clock and of randomness, such as `Date.now`. */
  readonly impurities: readonly string[];
}

const SKIPPED = new Set(['node_modules', 'coverage', 'dist']);

/** Reads every TypeScript file below `root`, hidden folders and packages aside. */
export function readSourceTree(root: string, folder = ''): readonly SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return readSourceTree(root, path);
    return entry.name.endsWith('.ts') ? [parseSource(path, readFileSync(join(root, path), 'utf8'))] : [];
  });
}

/** Parses one file; imports in comments and in strings are none. */
export function parseSource(path: string, source: string): SourceFile {
  const imports: ImportedModule[] = [];
  const impurities = new Set<string>();
  let readsEnvironment = false;
  visit(parseSync(source, { syntax: 'typescript', target: 'es2024' }), (node) => {
    const imported = importOf(node);
    if (imported !== null) imports.push(imported);
    const member = memberName(node);
    if (member === 'process.env') readsEnvironment = true;
    if (IMPURE_MEMBERS.has(member ?? '')) impurities.add(member ?? '');
    if (isNewDateOfNow(node)) impurities.add('new Date()');
  });
  return { path, lines: source.trimEnd().split('\n').length, imports, readsEnvironment, impurities: [...impurities] };
}

const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID', 'crypto.getRandomValues']);

type SyntaxNode = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null;
}

function visit(value: unknown, see: (node: SyntaxNode) => void): void {
  if (Array.isArray(value)) for (const inner of value) visit(inner, see);
  else if (isNode(value)) {
    see(value);
    for (const inner of Object.values(value)) visit(inner, see);
  }
}

function importOf(node: SyntaxNode): ImportedModule | null {
  const specifier = isNode(node.source) && typeof node.source.value === 'string' ? node.source.value : null;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration': {
      if (specifier === null) return null;
      const names = Array.isArray(node.specifiers) ? node.specifiers.filter(isNode) : [];
      return { specifier, isTypeOnly: node.typeOnly === true || (names.length > 0 && names.every((name) => name.isTypeOnly === true)) };
    }
    case 'ExportAllDeclaration':
      return specifier === null ? null : { specifier, isTypeOnly: node.typeOnly === true };
    case 'CallExpression':
      return dynamicImportOf(node);
    case 'TsImportType':
      return isNode(node.argument) && typeof node.argument.value === 'string' ? { specifier: node.argument.value, isTypeOnly: true } : null;
    default:
      return null;
  }
}

function dynamicImportOf(node: SyntaxNode): ImportedModule | null {
  const { callee } = node;
  if (!isNode(callee) || !(callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require'))) return null;
  const argument: unknown = Array.isArray(node.arguments) ? node.arguments[0] : undefined;
  const expression = isNode(argument) ? argument.expression : undefined;
  return isNode(expression) && typeof expression.value === 'string' ? { specifier: expression.value, isTypeOnly: false } : null;
}

function memberName(node: SyntaxNode): string | null {
  if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) return null;
  return `${String(node.object.value)}.${String(node.property.value)}`;
}

function isNewDateOfNow(node: SyntaxNode): boolean {
  const isDate = node.type === 'NewExpression' && isNode(node.callee) && node.callee.value === 'Date';
  return isDate && (!Array.isArray(node.arguments) || node.arguments.length === 0);
}
