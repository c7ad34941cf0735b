import type { Command } from 'commander';
import { z } from 'zod';
import { questionAnswer } from '../../api/schemas/absence.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry } from './table.ts';

const questions = z.object({ items: z.array(questionAnswer) });

/** `questions list <alias>`: what somebody is asked and has not answered. */
export function addQuestionsCommand(root: Command): void {
  root
    .command('questions')
    .description('see what people are asked')
    .command('list')
    .argument('<alias>', 'who is asked, by the alias of the user in the CRM')
    .description('list what a person is asked and has not answered, what is due first first')
    .option('--json', 'print JSON')
    .action(list);
}

async function list(alias: string, { json }: { readonly json?: true }): Promise<void> {
  const answer: unknown = await withApi((call) => call('GET', `/v1/users/${encodeURIComponent(alias)}/questions`));
  if (json === true) return printJson(answer);
  const { items } = questions.parse(answer);
  print(items.length === 0 ? `${alias} is asked nothing.` : items.map(renderQuestion).join('\n\n'));
}

function renderQuestion(question: z.output<typeof questionAnswer>): string {
  const { subject, kind, registrationId, step, reason, onBehalfOf, dueAt, askedAt, remindedAt } = question;
  const place = onBehalfOf === null ? '' : `, in the place of ${onBehalfOf}`;
  const reminded = remindedAt === null ? '' : `, reminded ${remindedAt}`;
  return [
    renderEntry(subject, `due ${dueAt}`),
    renderEntry('  question', `${kind}, as ${step}${place}`),
    renderEntry('  asked', `${askedAt} (${reason.replaceAll('_', ' ')})${reminded}`),
    ...(subject === `registration/${registrationId}` ? [] : [renderEntry('  seen on', `registration ${registrationId}`)]),
  ].join('\n');
}
