import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { weave } from '../../../program/documentation/program-guide.ts';
import { CommandFailure } from '../command-failure.ts';
import { print } from '../print.ts';

const GUIDE = 'docs/program.md';

/** `program document`: writes the generated parts of the guide to programs anew. */
export function addDocumentCommand(program: Command): void {
  program
    .command('document')
    .description(`write the generated parts of ${GUIDE} from the code`)
    .option('--check', 'write nothing; fail where they are not current')
    .action(writeGuide);
}

function writeGuide({ check }: { readonly check?: true }): void {
  const committed = readFileSync(GUIDE, 'utf8');
  const woven = weave(committed);
  if (woven.kind === 'broken') throw new CommandFailure(`${GUIDE}: ${woven.problem}.`, 'put the markers back and run the command again.');
  if (woven.text === committed) print(`${GUIDE} is current.`);
  else if (check === true) throw new CommandFailure(`${GUIDE} is not current.`, 'run npm run cli -- program document.');
  else {
    writeFileSync(GUIDE, woven.text);
    print(`${GUIDE} written.`);
  }
}
