import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../command-failure.ts';

/** Where the program definitions lie, from the root of the clone. */
export const PROGRAM_FOLDER = 'programs';

/** Every definition of `programs/`, by its path from the root of the clone, in order of name. */
export function allDefinitions(): readonly string[] {
  const names = readdirSync(PROGRAM_FOLDER).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join(PROGRAM_FOLDER, name));
}

/** The text of a definition, or a CommandFailure that says how to name one. */
export function readDefinition(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure(
      `${file} cannot be read (${code ?? 'unknown'}).`,
      'name a definition by its path from the root of the clone, such as programs/acme.yaml.',
    );
  }
}
