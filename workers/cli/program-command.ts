import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { explanationAnswer } from '../../api/schemas/registration.ts';
import { parseProgram, type ProgramProblem } from '../../program/definition/parse.ts';
import { CommandFailure } from './command-failure.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

/** `program …`: the definitions by which registrations are decided, and what they said. */
export function addProgramCommands(root: Command): void {
  const program = root.command('program').description('check the program definitions; explain what the program decided');

  program
    .command('check')
    .argument('[file...]', 'definitions to check; all of programs/ where none is named')
    .description('find every problem of a definition, each with its file and line')
    .option('--json', 'print JSON')
    .action(checkFiles);

  program
    .command('explain')
    .argument('<registrationId>', 'id of a registration')
    .description('show rule by rule why a registration was decided as it was')
    .addOption(
      new Option('--audience <who>', 'for whom; what a partner reads names no rival').choices(['partner', 'internal']).default('internal'),
    )
    .option('--json', 'print JSON')
    .action(explain);
}

interface CheckedFile {
  readonly file: string;
  readonly problems: readonly ProgramProblem[];
}

function checkFiles(named: readonly string[], options: { readonly json?: true }): void {
  const files = (named.length > 0 ? named : allDefinitions()).map(checkFile);
  if (options.json === true) printJson({ files });
  else
    for (const { file, problems } of files)
      print(problems.length === 0 ? `${file}: good` : problems.map(({ message }) => message).join('\n'));
  const count = files.reduce((sum, { problems }) => sum + problems.length, 0);
  if (count === 0) return;
  throw new CommandFailure(`${count === 1 ? '1 problem' : `${count} problems`} found.`, 'mend the lines that are named and check again.');
}

function allDefinitions(): readonly string[] {
  const names = readdirSync('programs').filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => join('programs', name));
}

function checkFile(file: string): CheckedFile {
  const parsed = parseProgram(readDefinition(file), file);
  return { file, problems: parsed.kind === 'invalid' ? parsed.problems : [] };
}

function readDefinition(file: string): string {
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

async function explain(registrationId: string, options: { readonly audience: string; readonly json?: true }): Promise<void> {
  const path = `/v1/registrations/${encodeURIComponent(registrationId)}/explanation?audience=${options.audience}`;
  const explanation: unknown = await withApi((call) => call('GET', path));
  if (options.json === true) printJson(explanation);
  else print(renderExplanation(explanationAnswer.parse(explanation)));
}

function renderExplanation(explanation: z.output<typeof explanationAnswer>): string {
  const { registrationId, outcome, programVersion, decidedAt, trace } = explanation;
  const head = renderEntry(
    outcome,
    `registration ${registrationId}, under program ${programVersion}${decidedAt === null ? '' : `, at ${decidedAt}`}`,
  );
  const rows = trace.map(({ rule, fired, message, evidence }) => {
    const seen = evidence.map(({ kind, summary }) => `[${kind}] ${summary}`);
    return [rule, fired ? 'yes' : '-', [message, ...seen].join(' ')];
  });
  return `${head}\n\n${renderTable(['RULE', 'FIRED', 'WHY'], rows)}`;
}
