import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgram } from '../../program/definition/parse.ts';
import type { Program } from '../../program/definition/program.ts';
import type { ProgramShelf } from '../../program/program-shelf.ts';

/**
 * Reads every definition in `folder` (`*.yaml`). One that is wrong stops the start: all its problems are thrown at once, each with file and line.
 *
 * Current is the version with the latest `effectiveFrom` that is not in the future. Two files with the same version are refused.
 */
export function openProgramShelf(folder: string, today: () => string = () => new Date().toISOString().slice(0, 10)): ProgramShelf {
  const programs = new Map<string, Program>();
  const problems: string[] = [];
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const parsed = parseProgram(readFileSync(join(folder, file), 'utf8'), `programs/${file}`);
    if (parsed.kind === 'invalid') problems.push(...parsed.problems.map((problem) => problem.message));
    else if (programs.has(parsed.program.version))
      problems.push(`programs/${file} version: ${parsed.program.version} is the version of another file too`);
    else programs.set(parsed.program.version, parsed.program);
  }
  if (problems.length > 0) throw new Error(`The program definitions have problems:\n  ${problems.join('\n  ')}`);
  return {
    current() {
      const inForce = [...programs.values()]
        .filter((program) => program.effectiveFrom <= today())
        .sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : -1));
      const [latest] = inForce;
      if (latest === undefined)
        throw new Error(`No program definition in ${folder} is in force yet; set effectiveFrom of one to today or earlier.`);
      return latest;
    },
    byVersion: (version) => programs.get(version) ?? null,
  };
}
