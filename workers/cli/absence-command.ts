import { Option, type Command } from 'commander';
import { z } from 'zod';
import { absenceAnswer } from '../../api/schemas/absence.ts';
import { QUESTION_KINDS } from '../../program/approval/question.ts';
import { withApi } from './installation.ts';
import { instant } from './instant.ts';
import { print, printJson } from './print.ts';
import { renderEntry } from './table.ts';

interface JsonOption {
  readonly json?: true;
}

interface AddOptions extends JsonOption {
  readonly from: string;
  readonly until: string;
  readonly actor: string;
  readonly delegate?: string;
  readonly kind?: readonly string[];
  readonly region?: readonly string[];
  readonly upTo?: string;
}

type Absence = z.output<typeof absenceAnswer>;

const absences = z.object({ items: z.array(absenceAnswer) });

/** `absence …`: when somebody does not answer, and who does instead. */
export function addAbsenceCommands(root: Command): void {
  const absence = root.command('absence').description('say when somebody is away, and who answers instead');

  absence
    .command('add')
    .argument('<alias>', 'who is away, by the alias of the user in the CRM')
    .description('enter an absence; what the person is asked is put to whoever stands in, at once or when it begins')
    .requiredOption('--from <instant>', 'when it begins, such as 2026-12-21T08:00:00Z; a day is its beginning in UTC', instant)
    .requiredOption('--until <instant>', 'when the person is back; at that instant it is over', instant)
    .requiredOption('--actor <alias>', 'in whose name it is entered')
    .option('--delegate <alias>', 'who answers instead; left out: the deputy that the program names, if any')
    .addOption(new Option('--kind <kind...>', 'only for these kinds of questions; left out: all').choices(QUESTION_KINDS))
    .option('--region <region...>', 'only for customers of these regions of the program; left out: all')
    .option('--up-to <amount>', 'only up to this value, such as 50000.00, in the currency of the routing; left out: any')
    .option('--json', 'print JSON')
    .action(add);

  absence
    .command('list')
    .argument('<alias>', 'whose absences')
    .description('list the absences of a person that are not over, the earlier first')
    .option('--json', 'print JSON')
    .action(list);

  absence
    .command('end')
    .argument('<alias>', 'who is back')
    .argument('<absenceId>', 'id of an absence, from `absence list`')
    .description('end an absence now, or call it off before it begins; prints those that are left')
    .requiredOption('--actor <alias>', 'in whose name it is ended')
    .option('--json', 'print JSON')
    .action(end);
}

async function add(alias: string, { from, until, actor, delegate, kind, region, upTo, json }: AddOptions): Promise<void> {
  const scope = { kinds: kind ?? [], regions: region ?? [], upTo: upTo ?? null };
  const body = { from, until, actor, delegate: delegate ?? null, scope };
  const entered: unknown = await withApi((call) => call('POST', pathOf(alias), body));
  if (json === true) printJson(entered);
  else print(renderAbsence(absenceAnswer.parse(entered)));
}

async function list(alias: string, { json }: JsonOption): Promise<void> {
  printAbsences(alias, await withApi((call) => call('GET', pathOf(alias))), json);
}

async function end(alias: string, id: string, { actor, json }: JsonOption & { readonly actor: string }): Promise<void> {
  const path = `${pathOf(alias)}/${encodeURIComponent(id)}/end`;
  printAbsences(alias, await withApi((call) => call('POST', path, { actor })), json);
}

function pathOf(alias: string): string {
  return `/v1/users/${encodeURIComponent(alias)}/absences`;
}

function printAbsences(alias: string, answer: unknown, json: true | undefined): void {
  if (json === true) return printJson(answer);
  const { items } = absences.parse(answer);
  print(items.length === 0 ? `No absence of ${alias} is known.` : items.map(renderAbsence).join('\n\n'));
}

function renderAbsence({ id, alias, from, until, delegate, scope, enteredBy }: Absence): string {
  return [
    renderEntry(id, `${alias} is away from ${from} until ${until}, entered by ${enteredBy}`),
    renderEntry('  instead', delegate ?? 'the deputy that the program names, otherwise the next one who is free'),
    renderEntry('  for', speakScope(scope)),
  ].join('\n');
}

function speakScope({ kinds, regions, upTo }: Absence['scope']): string {
  const parts = [
    kinds.length === 0 ? 'questions of every kind' : `questions of the kinds ${kinds.join(', ')}`,
    ...(regions.length === 0 ? [] : [`in ${regions.join(', ')}`]),
    ...(upTo === null ? [] : [`up to ${upTo}`]),
  ];
  return parts.join(', ');
}
