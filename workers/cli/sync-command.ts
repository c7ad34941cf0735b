import { InvalidArgumentError, Option, type Command } from 'commander';
import type { z } from 'zod';
import { pageOf } from '../../api/schemas/page.ts';
import { issueAnswer, syncStatusAnswer, type IssueAnswer } from '../../api/schemas/sync.ts';
import { recordAudit } from '../../store/audit.ts';
import { digestOfText } from '../../store/audit-text.ts';
import { WEBHOOKS } from '../../store/event-stream.ts';
import { readConnections, setConnectionState, type ConnectionState } from '../../store/connection.ts';
import { CommandFailure } from './command-failure.ts';
import { withApi, withStore } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';
import { wholeNumber } from './whole-number.ts';

const MOST_REASON_CHARACTERS = 255;

/** `sync …`: how the connections stand, and what an operator may do about it. */
export function addSyncCommands(root: Command): void {
  const sync = root.command('sync').description('see how sync stands; retry, skip, pause and resume');

  sync
    .command('status')
    .description('show every connection: its state, calls used today, and per kind of record what waits')
    .option('--json', 'print JSON')
    .action(showStatus);

  sync
    .command('issues')
    .description('list the records that sync could not carry, the oldest first, with what to do')
    .addOption(new Option('--status <status>', 'only issues that are so').choices(['open', 'skipped', 'resolved', 'all']).default('open'))
    .option('--connection <name>', 'only issues of this connection')
    .option('--limit <number>', 'how many, 1–200', wholeNumber(1, 200), 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended (its nextCursor)')
    .option('--json', 'print JSON')
    .action(listIssues);

  sync
    .command('retry')
    .argument('<issueId>', 'id of an issue, from `sync issues`')
    .description('close an issue and carry its record again')
    .option('--json', 'print JSON')
    .action((issueId: string, options: JsonOption) => settle(issueId, 'retry', options));

  sync
    .command('skip')
    .argument('<issueId>', 'id of an issue, from `sync issues`')
    .description('set an issue aside; its record is carried again when it changes')
    .option('--json', 'print JSON')
    .action((issueId: string, options: JsonOption) => settle(issueId, 'skip', options));

  sync
    .command('pause')
    .argument('<connection>', 'name of a connection, such as salesforce')
    .description('stop reading from and writing to a CRM; registrations are decided all the same, and changes wait')
    .requiredOption('--reason <text>', 'why, shown by `sync status`', parseReason)
    .option('--json', 'print JSON')
    .action((connection: string, options: JsonOption & { readonly reason: string }) =>
      change(connection, 'paused', options.reason, options),
    );

  sync
    .command('resume')
    .argument('<connection>', 'name of a connection that is paused or parked')
    .description('go on with a connection from where it stopped')
    .option('--json', 'print JSON')
    .action((connection: string, options: JsonOption) => change(connection, 'running', null, options));
}

interface JsonOption {
  readonly json?: true;
}

async function showStatus(options: JsonOption): Promise<void> {
  const status: unknown = await withApi((call) => call('GET', '/v1/sync/status'));
  if (options.json === true) return printJson(status);
  const { connections } = syncStatusAnswer.parse(status);
  print(
    connections.length === 0
      ? 'No connection is known yet: a worker makes them known when it starts.'
      : connections.map(renderConnection).join('\n\n'),
  );
}

const HELD = { background: 'so that copies of users and accounts wait', all: 'so that all sync waits' } as const;

type ConnectionStatus = z.output<typeof syncStatusAnswer>['connections'][number];

function renderConnection({ name, state, reason, calls, events, objects }: ConnectionStatus): string {
  const used = calls.limit === null ? '' : `; ${calls.today} of ${calls.limit} calls used today${renderHeld(calls)}`;
  const rows = objects.map(({ objectType, lagSeconds, pendingOut, openIssues }) => [
    objectType,
    String(pendingOut),
    String(openIssues),
    lagSeconds === null ? 'never' : `${lagSeconds} s ago`,
  ]);
  const head = renderEntry(name, `${state}${reason === null ? '' : ` (${reason})`}${used}`);
  const heard = renderEntry('  changes', renderEvents(events));
  return `${head}\n${heard}\n${renderTable(['RECORDS', 'TO WRITE', 'OPEN ISSUES', 'LAST READ'], rows)}`;
}

function renderHeld({ held, resetsAt }: ConnectionStatus['calls']): string {
  if (held === null) return '';
  return `, ${HELD[held]}${resetsAt === null ? '' : ` until ${resetsAt}`}`;
}

function renderEvents(events: ConnectionStatus['events']): string {
  if (events === null) return 'polled; nobody has listened yet';
  const { state, channels, lastEventSeconds, heardSeconds, code, message, remedy, retryAt } = events;
  const last = lastEventSeconds === null ? 'no event yet' : `last event ${lastEventSeconds} s ago`;
  switch (state) {
    case 'listening':
      if (channels.some(({ name }) => name === WEBHOOKS))
        return `told by webhooks; ${heardSeconds === null ? 'none came yet' : `the last delivery ${heardSeconds} s ago, ${last}`}`;
      return `heard by ${channels.map(({ name, position }) => (position === null ? name : `${name} at ${position}`)).join(', ')}; ${last}`;
    case 'silent':
      return `polled; whoever listened is silent; ${last}`;
    case 'away':
      return `polled (${code ?? 'UNEXPECTED'}: ${message ?? ''}); tried again at ${retryAt ?? 'once'}. ${remedy ?? ''}`;
    case 'paused':
      return `not heard while the connection does not run; ${last}`;
    case 'stopped':
      return `polled; nobody listens; ${last}`;
    case 'off':
      return 'polled; change events are switched off';
  }
}

interface IssueOptions extends JsonOption {
  readonly status: string;
  readonly connection?: string;
  readonly limit: number;
  readonly cursor?: string;
}

async function listIssues(options: IssueOptions): Promise<void> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.status !== 'all') query.set('status', options.status);
  if (options.connection !== undefined) query.set('connection', options.connection);
  if (options.cursor !== undefined) query.set('cursor', options.cursor);
  const page: unknown = await withApi((call) => call('GET', `/v1/sync/issues?${query.toString()}`));
  if (options.json === true) return printJson(page);
  const { items, nextCursor } = pageOf(issueAnswer).parse(page);
  print(
    items.length === 0 ? `There is no ${options.status === 'all' ? '' : `${options.status} `}issue.` : items.map(renderIssue).join('\n\n'),
  );
  if (nextCursor !== null) print(`\nThere are more: add --cursor ${nextCursor}`);
}

function renderIssue({ id, connection, objectType, localId, remoteId, category, message, remedy, attempts, status }: IssueAnswer): string {
  const tries = attempts === 1 ? 'tried once' : `tried ${attempts} times`;
  const record = [localId === null ? [] : [`${localId} here`], remoteId === null ? [] : [`${remoteId} there`]].flat().join(', ');
  return [
    renderEntry(id, `${status}, ${category}, ${tries}`),
    renderEntry('  record', `${objectType} of ${connection}: ${record === '' ? 'not named' : record}`),
    renderEntry('  message', message),
    renderEntry('  remedy', remedy),
  ].join('\n');
}

async function settle(issueId: string, action: 'retry' | 'skip', options: JsonOption): Promise<void> {
  const issue: unknown = await withApi((call) => call('POST', `/v1/sync/issues/${encodeURIComponent(issueId)}/${action}`));
  if (options.json === true) printJson(issue);
  else print(renderIssue(issueAnswer.parse(issue)));
}

async function change(name: string, state: 'paused' | 'running', reason: string | null, options: JsonOption): Promise<void> {
  const after = await withStore(async (db) => {
    const known = await readConnections(db);
    const before = known.find((connection) => connection.name === name);
    if (before === undefined) throw unknownConnection(name, known);
    const at = new Date().toISOString();
    await db.transaction().execute(async (trx) => {
      await setConnectionState(trx, name, state, reason, at);
      const details = { from: before.state, to: state, ...(reason === null ? {} : { reasonDigest: digestOfText(reason) }) };
      await recordAudit(trx, {
        subject: `connection/${name}`,
        kind: state === 'paused' ? 'paused' : 'resumed',
        actor: 'command line',
        details,
        at,
      });
    });
    return { name, state, reason, before: before.state };
  });
  if (options.json === true) return printJson(after);
  print(
    state === 'paused'
      ? `${name} is paused: nothing is read or written until \`sync resume ${name}\`.`
      : `${name} is running; it was ${after.before}. It goes on at its next poll.`,
  );
}

function unknownConnection(name: string, known: readonly ConnectionState[]): CommandFailure {
  const names = known.map((connection) => connection.name).join(', ');
  return new CommandFailure(
    `There is no connection ${JSON.stringify(name)}.`,
    names === '' ? 'start a worker: it makes its connections known.' : `name one of: ${names}.`,
  );
}

function parseReason(text: string): string {
  const reason = text.trim();
  if (reason === '' || reason.length > MOST_REASON_CHARACTERS)
    throw new InvalidArgumentError(`expected 1–${MOST_REASON_CHARACTERS} characters.`);
  return reason;
}
