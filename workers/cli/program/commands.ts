import type { Command } from 'commander';
import { addCheckCommand } from './check.ts';
import { addDiffCommand } from './diff.ts';
import { addDocumentCommand } from './document.ts';
import { addExplainCommand } from './explain.ts';
import { addPreviewCommand } from './preview.ts';
import { addReplayCommand } from './replay.ts';
import { addSchemaCommand } from './schema.ts';
import { addSimulateCommand } from './simulate.ts';

/** `program …`: the definitions by which registrations are decided, and what they said. One file a command. */
export function addProgramCommands(root: Command): void {
  const program = root.command('program').description('check and compare the program definitions; explain what the program decided');
  addCheckCommand(program);
  addDiffCommand(program);
  addSchemaCommand(program);
  addDocumentCommand(program);
  addExplainCommand(program);
  addPreviewCommand(program);
  addReplayCommand(program);
  addSimulateCommand(program);
}
