import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinition, formatFinding } from '../../program/definition/check.ts';
import type { Program } from '../../program/definition/program.ts';
import { readSource } from '../../program/definition/source-place.ts';
import { findVersionClashes } from '../../program/definition/version-clash.ts';
import type { PlainDate } from '../../program/vocabulary.ts';
import { definitionDigest } from '../../store/program-version.ts';
import { loadHolidayTables } from './holiday-tables.ts';

/** A definition that is good by itself. */
export interface Definition {
  /** `programs/acme.yaml`, as messages name it. */
  readonly file: string;
  readonly program: Program;
  /** What was written, before defaults were filled in. */
  readonly written: object;
  readonly digest: string;
}

/** A folder of definitions as it was at one look. */
export interface DefinitionFolder {
  readonly texts: ReadonlyMap<string, string>;
  /** Of each file that was ever good since the first look, and is still there, the last definition that was. */
  readonly definitions: readonly Definition[];
  /** All that is wrong in the files that are new since the look before. */
  readonly problems: readonly string[];
  /** Why the definitions cannot be in use together. */
  readonly clashes: readonly string[];
}

export const EMPTY_FOLDER: DefinitionFolder = { texts: new Map(), definitions: [], problems: [], clashes: [] };

/**
 * Looks at `folder` again; `before` itself where nothing changed. Files are compared by what is in them: times of files are not to be relied on.
 * What the check warns of does not stand against a definition; `today` is for such warnings.
 */
export function lookAtFolder(folder: string, before: DefinitionFolder, today: PlainDate): DefinitionFolder {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const texts = new Map(names.sort().map((name) => [`programs/${name}`, readFileSync(join(folder, name), 'utf8')]));
  if (sameTexts(texts, before.texts)) return before;
  const problems: string[] = [];
  const definitions = [...texts].flatMap(([file, text]) => {
    const held = before.definitions.filter((definition) => definition.file === file);
    if (before.texts.get(file) === text) return held;
    const checked = checkText(file, text, today);
    if (checked.kind === 'good') return [checked.definition];
    problems.push(...checked.problems);
    return held;
  });
  return { texts, definitions, problems, clashes: findVersionClashes(definitions) };
}

type CheckedDefinition =
  { readonly kind: 'good'; readonly definition: Definition } | { readonly kind: 'bad'; readonly problems: readonly string[] };

/** All that is wrong with one definition, a sentence each with file and line; or the definition. */
function checkText(file: string, text: string, today: PlainDate): CheckedDefinition {
  const { program, findings } = checkDefinition(text, file, today, loadHolidayTables());
  if (program === null) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    return { kind: 'bad', problems: errors.map((finding) => formatFinding(file, finding)) };
  }
  const written = readSource(text).written as object;
  return { kind: 'good', definition: { file, program, written, digest: definitionDigest(written) } };
}

function sameTexts(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([file, text]) => right.get(file) === text);
}
