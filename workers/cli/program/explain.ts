import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { explanationAnswer } from '../../../api/schemas/registration.ts';
import { withApi } from '../installation.ts';
import { print, printJson } from '../print.ts';
import { renderEntry, renderTable } from '../table.ts';

/** `program explain`: rule by rule why a registration was decided as it was. */
export function addExplainCommand(program: Command): void {
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
