import { Command } from 'commander';
import { addAbsenceCommands } from './absence-command.ts';
import { addAuditCommands } from './audit-command.ts';
import { addBackfillCommand } from './backfill-command.ts';
import { describeFailure } from './command-failure.ts';
import { addConnectionCommands } from './connection-command.ts';
import { addMessageCommands } from './messages-command.ts';
import { addPrecedentCommands } from './precedent-command.ts';
import { addProgramCommands } from './program/commands.ts';
import { addProvisionCommand } from './provision-command.ts';
import { addQuestionsCommand } from './questions-command.ts';
import { addRegistrationCommands } from './registration-command.ts';
import { addSyncCommands } from './sync-command.ts';

/** `npm run cli -- <command>`: what operators ask and command. Answers go to standard output, everything else to standard error; 0 only on success. */

const root = new Command('npm run cli --')
  .description('Asks and commands a Dealkeeper: the one that DATABASE_URL names, else the embedded one that runs on DATA_DIR.')
  .showHelpAfterError('Remedy: run the same command with --help and correct what is named.');

addProgramCommands(root);
addSyncCommands(root);
addBackfillCommand(root);
addConnectionCommands(root);
addProvisionCommand(root);
addMessageCommands(root);
addPrecedentCommands(root);
addAuditCommands(root);
addRegistrationCommands(root);
addQuestionsCommand(root);
addAbsenceCommands(root);

try {
  await root.parseAsync();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
