import type { Command } from 'commander';
import { pino } from 'pino';
import type { Database } from '../../store/database.ts';
import { configurationOrExit } from '../config.ts';
import { checkChannels, type CheckedChannel } from './channel-check.ts';
import { CommandFailure } from './command-failure.ts';
import type { CheckedConnection, CheckedObject } from './connection-check.ts';
import { crmsOf, withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { runningDefinition } from './program/running-definition.ts';
import { renderEntry, renderTable } from './table.ts';

/** `connections …`: whether the CRMs are as the mappings need them, and whether the ways out for messages are open. */
export function addConnectionCommands(root: Command): void {
  const connections = root.command('connections').description('check the connections to the CRMs, the mail server and the portal');

  connections
    .command('check')
    .description(
      'sign in to each CRM, see what is left of its allowances and compare every mapped field; sign in to the mail server, and see that the portal answers; nothing is written or sent',
    )
    .option('--json', 'print JSON')
    .action(check);
}

async function check(options: { readonly json?: true }): Promise<void> {
  // Loaded only here: the clients of the CRMs are the slowest part of the command line to load.
  const [{ openConnections }, { checkConnection }] = await Promise.all([
    import('../compose/connections.ts'),
    import('./connection-check.ts'),
  ]);
  const program = runningDefinition();
  const crms = crmsOf();
  const checkAll = async (db: Database | null): Promise<readonly CheckedConnection[]> => {
    const checked: CheckedConnection[] = [];
    for (const [name, connection] of await openConnections(crms, pino({ level: 'silent' }), db))
      checked.push(await checkConnection(name, connection, program));
    return checked;
  };
  // A refresh token may have a successor, which only the store knows; whatever else is checked needs no store.
  const checked = await ([crms.salesforce, crms.hubspot].some((crm) => crm?.auth.kind === 'refresh_token')
    ? withStore(checkAll)
    : checkAll(null));
  const channels = await checkChannels(configurationOrExit(['notify']).notify);
  if (options.json === true) printJson({ connections: checked, channels });
  else print([...checked.map(renderConnection), ...channels.map(renderChannel)].join('\n\n'));

  const failure = checked.find((connection) => connection.failure !== null)?.failure ?? null;
  if (failure !== null) throw new CommandFailure(`The connection does not work: ${failure.code}: ${failure.message}`, failure.remedy);
  const count = checked.flatMap(({ objects }) => objects.flatMap(({ isOptional, problems }) => (isOptional ? [] : problems))).length;
  if (count > 0) {
    throw new CommandFailure(
      `${count === 1 ? '1 field does' : `${count} fields do`} not fit the mapping; a worker would not start.`,
      'do what stands beside each field and check again; `provision --connection <name>` makes what is missing.',
    );
  }
  const spent = checked.flatMap(({ shortcomings }) => shortcomings).find(({ isBlocking }) => isBlocking);
  if (spent !== undefined) throw new CommandFailure(`An allowance is used up: ${spent.subject}: ${spent.problem}.`, spent.remedy);
  const closed = channels.find(({ check }) => check.kind === 'fails')?.check;
  if (closed?.kind === 'fails')
    throw new CommandFailure(`Messages cannot be delivered: ${closed.code} at ${closed.detail}.`, closed.remedy);
}

function renderChannel({ name, check }: CheckedChannel): string {
  return renderEntry(name, check.kind === 'works' ? check.detail : `${check.code} at ${check.detail}`);
}

const LABELS: Readonly<Record<CheckedObject['purpose'], (objectType: string) => string>> = {
  sync: (objectType) => objectType,
  conversion: (objectType) => `${objectType}, written`,
  notes: () => 'note',
};

/** The kinds of records that may not be read or written; whether that matters hangs on what is synced. */
function renderRights(access: CheckedConnection['access']): readonly string[] {
  const short = (access?.reach ?? []).filter(({ isReadable, isWritable, missing }) => (!isReadable || !isWritable) && missing.length > 0);
  return short.map(({ object, isReadable, missing }) =>
    renderEntry(`  ${object}`, `may not be ${isReadable ? 'written' : 'read'}; the connection lacks ${missing.join(', ')}`),
  );
}

function renderConnection({ name, failure, access, shortcomings, objects, usage }: CheckedConnection): string {
  const used = usage === null ? '' : `; ${usage.used} of ${usage.limit} calls used today`;
  const zone = access?.timeZone === undefined ? '' : `, whose day ends at midnight in ${access.timeZone}`;
  const who = access === null ? 'signed in' : `signed in as ${access.username}${zone}`;
  const short = shortcomings.map(({ subject, problem, remedy }) => renderEntry(subject, `${problem}. ${remedy}`));
  const head = [renderEntry(name, `${failure === null ? who : failure.code}${used}`), ...short, ...renderRights(access)].join('\n');
  const rows = objects.map(({ objectType, purpose, object, fields, isOptional, problems }) => {
    const told = problems.map(({ field, problem, remedy }) => `${field} ${problem}. ${remedy}`).join(' ');
    const fit = problems.length === 0 ? 'fits' : isOptional ? `not synced, all else is: ${told}` : told;
    return [LABELS[purpose](objectType), object, String(fields), fit];
  });
  return rows.length === 0 ? head : `${head}\n${renderTable(['RECORDS', 'OBJECT', 'FIELDS', 'MAPPING'], rows)}`;
}
