import type { Program } from '../../../program/definition/program.ts';
import { versionInForce } from '../../../program/program-shelf.ts';
import { EMPTY_FOLDER, lookAtFolder } from '../../compose/definition-folder.ts';
import { configurationOrExit } from '../../config.ts';
import { CommandFailure } from '../command-failure.ts';
import { PROGRAM_FOLDER } from './definition-file.ts';

/** The version that decides new registrations now, by the files alone. */
export function runningDefinition(): Program {
  const now = new Date().toISOString();
  const { program } = configurationOrExit(['program']);
  const { definitions, problems, clashes } = lookAtFolder(PROGRAM_FOLDER, EMPTY_FOLDER, now.slice(0, 10));
  if (problems.length + clashes.length > 0)
    throw new CommandFailure(
      [...problems, ...clashes].join('\n'),
      'mend what is named; `npm run cli -- program check` shows what else there is.',
    );
  const versions = definitions.map((definition) => definition.program).filter(({ id }) => id === program.id);
  const inForce = versionInForce(versions, now);
  if (inForce !== null) return inForce;
  throw new CommandFailure(`No version of ${program.id} in ${PROGRAM_FOLDER}/ is in force.`, 'set PROGRAM to the id of one that is.');
}
