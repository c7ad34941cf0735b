import { LineCounter, parseDocument, isAlias, isMap, isSeq, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { programSchema, type Program } from './program.ts';
import { findBrokenReferences } from './reference.ts';
import type { DefinitionProblem } from './reference/problem.ts';
import { formatPath, lineAt, lineOfPath, offsetOf, type Path } from './source-place.ts';
import { isDeciding } from './deciding-key.ts';

/** Families of problems: YAML that cannot be read, shape and values, references, and what decides over time and may not be left open. */
export type ProblemCode = 'P001' | 'P002' | 'P003' | 'P004';

/** One thing that is wrong with a definition. `message` is the whole sentence: `programs/acme.yaml:88 protection.window: 0; expected …`, `detail` its last part. */
export interface ProgramProblem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly path: string;
  /** Of the file, counted from 1: of the key, or of the mapping in which a key is missing. */
  readonly line: number;
  readonly message: string;
  /** What to do, where it is not what the code says. */
  readonly remedy?: string;
}

export type ParsedProgram =
  { readonly kind: 'program'; readonly program: Program } | { readonly kind: 'invalid'; readonly problems: readonly ProgramProblem[] };

/**
 * Reads a program definition. Any problem refuses it whole: unknown keys, wrong values, ids that lead nowhere, bands that do not rise, YAML that cannot be read.
 *
 * All problems are reported at once, in the order of the file: those of shape and values, and the references between sections that have their shape. Only YAML
 * that cannot be read hides what is in it.
 * `fileName` only names the file in messages. Aliases are not taken: a definition says what it means where it says it.
 */
export function parseProgram(yamlText: string, fileName: string): ParsedProgram {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  // One tab makes the lines below it unreadable too: what is said of those would only hide it.
  const [tab] = document.errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const unreadable = (tab === undefined ? [...document.errors, ...document.warnings] : [tab]).map((error) => ({
    code: 'P001' as const,
    path: '',
    line: lineAt(lines, error.pos[0]),
    detail: error === tab ? 'a tab; expected spaces, two for each level' : error.message,
  }));
  const aliases =
    unreadable.length > 0
      ? []
      : findAliases(document).map((node) => ({
          code: 'P001' as const,
          path: '',
          line: lineAt(lines, offsetOf(node)),
          detail: 'aliases are not taken',
        }));
  if (unreadable.length + aliases.length > 0) return invalid([...unreadable, ...aliases], fileName);

  const value: unknown = document.toJS();
  const checked = programSchema.safeParse(value);
  const references = findBrokenReferences(checked.success ? checked.data : soundSections(value));
  const found: readonly CodedProblem[] = [
    ...(checked.success ? [] : checked.error.issues.flatMap((issue) => problemsOf(issue, value))),
    ...references.map((problem) => ({ ...problem, code: 'P003' as const })),
  ];
  if (!checked.success || found.length > 0) {
    return invalid(
      found.map(({ code, path, message, remedy }) => ({
        ...(remedy === undefined ? {} : { remedy }),
        code,
        path: formatPath(path),
        line: lineOfPath(document, path, lines),
        detail: message,
      })),
      fileName,
    );
  }
  return { kind: 'program', program: checked.data };
}

/** The sections of a definition that have their shape, with their defaults filled in. */
function soundSections(value: unknown): Partial<Program> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const given: Readonly<Record<string, unknown>> = { ...value };
  return Object.fromEntries(
    Object.entries(programSchema.shape).flatMap(([section, schema]) => {
      const parsed = schema.safeParse(Object.hasOwn(given, section) ? given[section] : undefined);
      return parsed.success ? [[section, parsed.data]] : [];
    }),
  );
}

type CodedProblem = DefinitionProblem & { readonly code: ProblemCode };

function invalid(problems: readonly Omit<ProgramProblem, 'message'>[], fileName: string): ParsedProgram {
  const inOrder = [...problems].sort((left, right) => left.line - right.line);
  return {
    kind: 'invalid',
    problems: inOrder.map((problem) => {
      const { path, line, detail } = problem;
      return { ...problem, message: `${fileName}:${line} ${path === '' ? '' : `${path}: `}${detail}` };
    }),
  };
}

/** The issues of zod in words; its own wording is used only where the schema says nothing. */
function problemsOf(issue: z.core.$ZodIssue, value: unknown): readonly CodedProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ code: 'P002', path: [...issue.path, key], message: 'unknown key' }));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return problemsOfNearest(issue, value);
  const given = valueAt(value, issue.path);
  const shown = given === undefined ? 'missing' : show(given);
  return [
    { code: given === undefined && isDeciding(issue.path) ? 'P004' : 'P002', path: issue.path, message: `${shown}; ${issue.message}` },
  ];
}

/** Where something may be written in several forms, what is wrong with it in the form that it comes nearest to: the one with the fewest problems. */
function problemsOfNearest({ errors, path }: z.core.$ZodIssueInvalidUnion, value: unknown): readonly CodedProblem[] {
  const [nearest = []] = errors
    .map((issues) => issues.flatMap((issue) => problemsOf({ ...issue, path: [...path, ...issue.path] }, value)))
    .toSorted((left, right) => left.length - right.length);
  return nearest;
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
