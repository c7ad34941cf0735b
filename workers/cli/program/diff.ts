import type { Command } from 'commander';
import { findChanges } from '../../../program/definition/difference.ts';
import { describeChange } from '../../../program/definition/difference-sentence.ts';
import type { Program } from '../../../program/definition/program.ts';
import { CommandFailure } from '../command-failure.ts';
import { withStore } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { renderTable } from '../table.ts';
import { knownPrograms } from './known-program.ts';

/** `program diff`: what changed between two versions, in words. */
export function addDiffCommand(program: Command): void {
  program
    .command('diff')
    .argument('<before>', 'a file such as programs/acme.yaml, or a version such as 2026.1 or acme@2026.1')
    .argument('<after>', 'what to compare it with')
    .description('show what changed between two versions of a program, in words')
    .option('--json', 'print JSON')
    .action(diff);
}

async function diff(namedBefore: string, namedAfter: string, options: { readonly json?: true }): Promise<void> {
  const [before, after] = await findBoth(namedBefore, namedAfter);
  const changes = findChanges(before, after).map((change) => ({ ...change, sentence: describeChange(change, before, after) }));
  if (options.json === true) return printJson({ before: titleOf(before), after: titleOf(after), changes });
  if (changes.length === 0) return print(`${nameOf(before)} and ${nameOf(after)} say the same.`);
  const rows = changes.map(({ path, sentence }) => [path.split(/[.[]/)[0] ?? path, sentence]);
  print(`From ${nameOf(before)} to ${nameOf(after)}: ${changes.length} ${changes.length === 1 ? 'change' : 'changes'}.\n`);
  print(renderTable(['SECTION', 'WHAT CHANGES'], rows));
}

/** Among the files; what no file holds any more, in the store of the installation, where there is one. */
async function findBoth(before: string, after: string): Promise<readonly [Program, Program]> {
  const files = await knownPrograms(null);
  try {
    return [files.named(before), files.named(after)];
  } catch (unknown) {
    if (!(unknown instanceof CommandFailure) || [before, after].some((named) => named.endsWith('.yaml'))) throw unknown;
    const kept = await withStore((db) => knownPrograms(db)).catch(() => null);
    if (kept === null) throw unknown;
    return [kept.named(before), kept.named(after)];
  }
}

function titleOf({ id, version, effectiveFrom }: Program) {
  return { id, version, effectiveFrom };
}

function nameOf({ id, version }: Program): string {
  return `${id} ${version}`;
}
