import { canonicalJson } from '../../program/canonical-json.ts';
import type { Program } from '../../program/definition/program.ts';
import { restoreProgram } from '../../program/definition/restore.ts';
import type { Database } from '../../store/database.ts';
import { readKeptDigests, readKeptVersions } from '../../store/program-version.ts';
import type { Definition } from './definition-folder.ts';

/** A version that was in force before, as it was then; null where this release cannot read it any more. */
export interface KeptProgram {
  readonly program: Program | null;
  readonly digest: string;
  readonly firstUsedAt: string;
}

export type KeptPrograms = ReadonlyMap<string, KeptProgram>;

export function keyOf({ id, version }: Pick<Program, 'id' | 'version'>): string {
  return `${id}@${version}`;
}

/** The kept versions; `known` is answered as it is where the table has no other. One that cannot be read is told to `report`. */
export async function readKeptPrograms(db: Database, known: KeptPrograms, report: (problem: string) => void): Promise<KeptPrograms> {
  const digests = await readKeptDigests(db);
  if (digests.every(({ programId, version }) => known.has(keyOf({ id: programId, version })))) return known;
  return new Map(
    (await readKeptVersions(db)).map(({ programId, version, digest, definition, firstUsedAt }): [string, KeptProgram] => {
      const restored = restoreProgram(definition);
      if (restored.kind === 'unreadable')
        report(`version ${version} of ${programId}, as it was when it was in force, cannot be read: ${restored.problems.join('; ')}`);
      const program = restored.kind === 'program' ? restored.program : null;
      return [keyOf({ id: programId, version }), { program, digest, firstUsedAt }];
    }),
  );
}

/** Definitions that say something else than when they decided registrations. */
export function findChangedVersions(definitions: readonly Definition[], kept: KeptPrograms): readonly string[] {
  return definitions.flatMap(({ file, program, digest }) => {
    const before = kept.get(keyOf(program));
    if (before === undefined || before.digest === digest || canonicalJson(before.program) === canonicalJson(program)) return [];
    return [
      `${file} version: ${program.version} has been in force since ${before.firstUsedAt} and says something else now; ` +
        'registrations are pinned to what it said: restore it, and give the change a version and an effectiveFrom of its own',
    ];
  });
}
