import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { previewAnswer, type PreviewAnswer } from '../../../api/schemas/registration.ts';
import { CommandFailure } from '../command-failure.ts';
import { withApi } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { renderEntry, renderTable } from '../table.ts';

/** `program preview`: what the program would say of a registration now. Nothing is stored. */
export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .description('ask what the program would say of a registration, without registering it')
    .requiredOption('--file <claim.json>', 'the body of POST /v1/registrations')
    .option('--json', 'print JSON')
    .action(preview);
}

async function preview(options: { readonly file: string; readonly json?: true }): Promise<void> {
  const claim = readClaim(options.file);
  const answer: unknown = await withApi((call) => call('POST', '/v1/registrations/preview', claim));
  if (options.json === true) printJson(answer);
  else print(renderPreview(previewAnswer.parse(answer)));
}

const OUTCOMES: Readonly<Record<PreviewAnswer['outcome'], string>> = {
  approve: 'approved at once',
  deny: 'denied',
  review: 'reviewed by people',
  needs_ruling: 'ruled on by a person, because the program leaves it open',
  return: 'given back for more information',
};

function renderPreview({ outcome, reasons, route, protection, programVersion }: PreviewAnswer): string {
  const lines = [renderEntry(outcome, `it would be ${OUTCOMES[outcome]}, under program ${programVersion}`)];
  if (route !== null) {
    const asked = route.approver === null ? `the step ${route.step}, where nobody is free` : `${route.approver}, as ${route.step}`;
    lines.push(renderEntry('asked', `${asked}, until ${route.dueAt}`));
  }
  if (protection !== null) lines.push(renderEntry('protected', `from ${protection.from} until ${protection.until}`));
  const rows = reasons.map(({ rule, message }) => [rule, message]);
  return [...lines, '', renderTable(['RULE', 'WHY'], rows)].join('\n');
}

function readClaim(file: string): object {
  const remedy = 'name a file that holds the body of POST /v1/registrations; /docs of the API describes it.';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, remedy);
  }
  const claim = parseJson(text);
  if (typeof claim !== 'object' || claim === null || Array.isArray(claim))
    throw new CommandFailure(`${file} holds no JSON object.`, remedy);
  return claim;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
