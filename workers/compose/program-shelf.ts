import type { Program } from '../../program/definition/program.ts';
import { findVersion, inForceFrom, versionInForce, type ProgramShelf } from '../../program/program-shelf.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { keepVersion } from '../../store/program-version.ts';
import { EMPTY_FOLDER, lookAtFolder, type Definition, type DefinitionFolder } from './definition-folder.ts';
import { findChangedVersions, keyOf, readKeptPrograms, type KeptPrograms } from './kept-program.ts';

/** What of a shelf is worth a line in the log. */
export interface ShelfLog {
  error(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

export interface ShelfSettings {
  /** Holds the definitions, `*.yaml`. */
  readonly folder: string;
  /** The id of the program that runs; other programs may lie beside it. */
  readonly programId: string;
  readonly db: Database;
  readonly now: () => Instant;
  readonly log: ShelfLog;
}

export interface OpenShelf extends ProgramShelf {
  /**
   * Looks at the files and the table again. A file with any problem stays as it was; files that do not go together all stay as they were; all problems are logged
   * once. Versions that are in force, or will be before long, are kept in the table. Throws only where the folder or the table cannot be read.
   */
  refresh(): Promise<void>;
}

/** A version is kept this long before it is in force, so that it is kept when it is first used. */
const AHEAD_MS = 60_000;

/** The definitions do not allow a start. */
export class ProgramsRefused extends Error {
  constructor(problems: readonly string[]) {
    super(`The program definitions have problems; nothing was started.\n  ${problems.join('\n  ')}`);
    this.name = 'ProgramsRefused';
  }
}

/**
 * The definitions of a folder, and those that were ever in force. Any problem refuses the start, all of them at once: a file that is wrong, two files with one
 * version or one date, no version in force, a file that says something else than when it decided registrations.
 */
export async function openProgramShelf(settings: ShelfSettings): Promise<OpenShelf> {
  const { folder, programId, db, now, log } = settings;
  let reported: readonly string[] = [];
  let looked = lookAtFolder(folder, EMPTY_FOLDER, today());
  let kept: KeptPrograms = await readKeptPrograms(db, new Map(), reportUnreadable);
  let definitions: readonly Definition[] = looked.definitions;

  const problems = [...looked.problems, ...findClashes(looked)];
  if (problems.length > 0) throw new ProgramsRefused(problems);
  await keepInForce();
  const overtaken = findChangedVersions(definitions, kept);
  if (overtaken.length > 0) throw new ProgramsRefused(overtaken);

  return {
    current() {
      const inForce = versionInForce(definitions.map(asKept).filter(isRunning), now());
      if (inForce === null) throw new Error(`no version of ${programId} is in force`);
      return inForce;
    },
    byVersion: (version) => findVersion([...definitions.map(asKept), ...keptWithoutFile()], programId, version),
    async refresh() {
      const next = lookAtFolder(folder, looked, today());
      kept = await readKeptPrograms(db, kept, reportUnreadable);
      if (next !== looked) {
        looked = next;
        reported = [];
        const clashes = findClashes(next);
        report([...next.problems, ...clashes]);
        if (clashes.length === 0) definitions = next.definitions;
      }
      await keepInForce();
      report(findChangedVersions(definitions, kept));
    },
  };

  function today(): string {
    return now().slice(0, 10);
  }

  /** A version that was in force stays what it was then, whatever a file says. */
  function asKept({ program }: Definition): Program {
    return kept.get(keyOf(program))?.program ?? program;
  }

  function keptWithoutFile(): readonly Program[] {
    const written = new Set(definitions.map(({ program }) => keyOf(program)));
    return [...kept.values()].flatMap(({ program }) => (program === null || written.has(keyOf(program)) ? [] : [program]));
  }

  function isRunning({ id }: Program): boolean {
    return id === programId;
  }

  /** Why the definitions of the folder cannot take the place of those in use. */
  function findClashes(found: DefinitionFolder): readonly string[] {
    return [...found.clashes, ...findChangedVersions(found.definitions, kept), ...findMissing(found)];
  }

  /** Without a version in force nothing can be received. Where a file is bad it may be the one, and its problems say enough. */
  function findMissing(found: DefinitionFolder): readonly string[] {
    const versions = found.definitions.map(({ program }) => program).filter(isRunning);
    if (found.problems.length > 0 || versionInForce(versions, now()) !== null) return [];
    const ids = [...new Set(found.definitions.map(({ program }) => program.id))].sort().join(', ');
    return versions.length === 0
      ? [`PROGRAM is ${programId}, and no definition in ${folder} has this id; expected ${ids === '' ? 'a file there' : `one of ${ids}`}`]
      : [`no version of ${programId} is in force yet; set effectiveFrom of one to today or earlier`];
  }

  async function keepInForce(): Promise<void> {
    const soon = Date.parse(now()) + AHEAD_MS;
    for (const { program, written, digest } of definitions) {
      if (!isRunning(program) || kept.has(keyOf(program)) || Date.parse(inForceFrom(program)) > soon) continue;
      const { id, version } = program;
      await keepVersion(db, { programId: id, version, digest, definition: written, firstUsedAt: now() });
      log.info(
        { program: id, version, inForceFrom: inForceFrom(program) },
        'a program version is in force, or will be within a minute: it is kept',
      );
    }
    kept = await readKeptPrograms(db, kept, reportUnreadable);
  }

  function report(found: readonly string[]): void {
    const unknown = found.filter((problem) => !reported.includes(problem));
    if (unknown.length > 0) log.error({ problems: unknown }, 'program definitions were refused; the versions that run go on as they are');
    reported = [...reported, ...unknown];
  }

  function reportUnreadable(problem: string): void {
    report([problem]);
  }
}
