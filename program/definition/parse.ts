import { LineCounter, parseDocument, isAlias, isMap, isNode, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { programSchema, type Program } from './program.ts';
import { findBrokenReferences, type DefinitionProblem } from './reference.ts';

/** One thing that is wrong with a definition. `message` is the whole sentence: `programs/acme.yaml:88 protection.windowDays: 0; expected 1–365`. */
export interface ProgramProblem {
  readonly path: string;
  /** Of the file, counted from 1: of the key, or of the mapping in which a key is missing. */
  readonly line: number;
  readonly message: string;
}

export type ParsedProgram =
  { readonly kind: 'program'; readonly program: Program } | { readonly kind: 'invalid'; readonly problems: readonly ProgramProblem[] };

type Path = readonly PropertyKey[];

/**
 * Reads a program definition. Any problem refuses it whole: unknown keys, wrong values, ids that lead nowhere, bands that do not rise, YAML that cannot be read.
 *
 * All problems of one kind of check are reported at once, in the order of the file: first of the YAML itself, then of shape and values, then of references.
 * `fileName` only names the file in messages. Aliases are not taken: a definition says what it means where it says it.
 */
export function parseProgram(yamlText: string, fileName: string): ParsedProgram {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const unreadable = [...document.errors, ...document.warnings].map((error) => ({
    path: '',
    line: lineAt(lines, error.pos[0]),
    message: error.message,
  }));
  const aliases =
    unreadable.length > 0
      ? []
      : findAliases(document).map((node) => ({ path: '', line: lineAt(lines, offsetOf(node)), message: 'aliases are not taken' }));
  if (unreadable.length + aliases.length > 0) return invalid([...unreadable, ...aliases], fileName);

  const value: unknown = document.toJS();
  const checked = programSchema.safeParse(value);
  const found = checked.success ? findBrokenReferences(checked.data) : checked.error.issues.flatMap((issue) => problemsOf(issue, value));
  if (!checked.success || found.length > 0) {
    return invalid(
      found.map(({ path, message }) => ({ path: formatPath(path), line: lineOfPath(document, path, lines), message })),
      fileName,
    );
  }
  return { kind: 'program', program: checked.data };
}

function invalid(problems: readonly ProgramProblem[], fileName: string): ParsedProgram {
  const inOrder = [...problems].sort((left, right) => left.line - right.line);
  return {
    kind: 'invalid',
    problems: inOrder.map(({ path, line, message }) => ({
      path,
      line,
      message: `${fileName}:${line} ${path === '' ? '' : `${path}: `}${message}`,
    })),
  };
}

/** The issues of zod in words; its own wording is used only where the schema says nothing. */
function problemsOf(issue: z.core.$ZodIssue, value: unknown): readonly DefinitionProblem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'unknown key' }));
  const given = valueAt(value, issue.path);
  const shown = given === undefined ? 'missing' : show(given);
  return [{ path: issue.path, message: `${shown}; ${issue.message}` }];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}

/** A value as the author sees it, shortened: definitions may be pasted anywhere. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const written = JSON.stringify(value) ?? String(value);
  return written.length > 60 ? `${written.slice(0, 59)}…` : written;
}

function formatPath(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');
}

/** The line of the last part of the path that the file has. */
function lineOfPath(document: Document, path: Path, lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) break;
      offset = offsetOf(pair.key);
      node = pair.value;
    } else if (isSeq(node) && typeof key === 'number' && node.items[key] !== undefined) {
      node = node.items[key];
      offset = offsetOf(node);
    } else break;
  }
  return lineAt(lines, offset);
}

function findAliases(document: Document): readonly Node[] {
  const pending: unknown[] = [document.contents];
  const aliases: Node[] = [];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (isAlias(node)) aliases.push(node);
    else if (isSeq(node)) pending.push(...node.items);
    else if (isMap(node)) pending.push(...node.items.flatMap((item) => [item.key, item.value]));
  }
  return aliases;
}

function offsetOf(node: unknown): number {
  return isNode(node) && node.range ? node.range[0] : 0;
}

function lineAt(lines: LineCounter, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}
