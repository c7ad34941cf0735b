import { existsSync } from 'node:fs';
import { checkDefinition, formatFinding } from '../../../program/definition/check.ts';
import { parseProgram } from '../../../program/definition/parse.ts';
import type { Program } from '../../../program/definition/program.ts';
import { restoreProgram } from '../../../program/definition/restore.ts';
import type { Database } from '../../../store/database.ts';
import { readKeptVersions } from '../../../store/program-version.ts';
import { loadHolidayTables } from '../../compose/holiday-tables.ts';
import { CommandFailure } from '../command-failure.ts';
import { allDefinitions, readDefinition } from './definition-file.ts';

/** The programs that a command can name, without what decided registrations being overtaken by a file that says something else by now. */
export interface KnownPrograms {
  /**
   * By the file's path, by `version`, or by `program@version`; a CommandFailure that says what could be named otherwise. A definition that only a file has is taken only
   * if it has no errors: what would never come into force decides nothing.
   */
  named(fileOrVersion: string): Program;
  /** The version that registrations are pinned to; null where nobody knows it any more. */
  byVersion(version: string): Program | null;
}

/** What the store kept of every version that was in force, and the files of `programs/` beside it. Without a store: the files alone. */
export async function knownPrograms(db: Database | null): Promise<KnownPrograms> {
  const kept = db === null ? [] : await readKeptVersions(db);
  const programs = new Map<string, Program>();
  const fileOf = new Map<string, string>();
  for (const file of allDefinitions()) {
    const parsed = parseProgram(readDefinition(file), file);
    if (parsed.kind !== 'program') continue;
    programs.set(keyOf(parsed.program), parsed.program);
    fileOf.set(keyOf(parsed.program), file);
  }
  for (const { definition } of kept) {
    const restored = restoreProgram(definition);
    if (restored.kind !== 'program') continue;
    programs.set(keyOf(restored.program), restored.program);
    fileOf.delete(keyOf(restored.program));
  }
  const withVersion = (version: string): readonly Program[] => [...programs.values()].filter((program) => program.version === version);
  return {
    named(fileOrVersion) {
      if (fileOrVersion.endsWith('.yaml') || existsSync(fileOrVersion)) return checkedFile(fileOrVersion);
      const found = programs.get(fileOrVersion) ?? onlyOf(withVersion(fileOrVersion));
      if (found !== null) {
        const file = fileOf.get(keyOf(found));
        return file === undefined ? found : checkedFile(file);
      }
      throw new CommandFailure(
        `${fileOrVersion} names no program.`,
        `name a file such as programs/acme.yaml, or one of ${[...programs.keys()].sort().join(', ')}.`,
      );
    },
    byVersion: (version) => onlyOf(withVersion(version)),
  };
}

/** A definition of a file, or a CommandFailure with every error that `program check` finds in it. */
function checkedFile(file: string): Program {
  const { program, findings } = checkDefinition(readDefinition(file), file, new Date().toISOString().slice(0, 10), loadHolidayTables());
  if (program !== null) return program;
  const errors = findings.filter(({ severity }) => severity === 'error');
  throw new CommandFailure(errors.map((finding) => formatFinding(file, finding)).join('\n'), 'mend the lines that are named.');
}

function keyOf({ id, version }: Program): string {
  return `${id}@${version}`;
}

/** Two programs may have a version of one name: then the name alone says too little. */
function onlyOf(programs: readonly Program[]): Program | null {
  return programs.length === 1 ? (programs[0] ?? null) : null;
}
