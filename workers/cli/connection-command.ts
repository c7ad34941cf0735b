import type { Command } from 'commander';
import { pino } from 'pino';
import { CommandFailure } from './command-failure.ts';
import type { CheckedConnection } from './connection-check.ts';
import { salesforceOf } from './installation.ts';
import { print, printJson } from './print.ts';
import { runningDefinition } from './program/running-definition.ts';
import { renderEntry, renderTable } from './table.ts';

/** `connections …`: whether the CRMs are as the mappings need them. */
export function addConnectionCommands(root: Command): void {
  const connections = root.command('connections').description('check the connections to the CRMs');

  connections
    .command('check')
    .description('sign in, compare every mapped field with the CRM, and show the calls used; nothing is written')
    .option('--json', 'print JSON')
    .action(check);
}

async function check(options: { readonly json?: true }): Promise<void> {
  // Loaded only here: a CRM's client is the slowest part of the command line to load.
  const [{ openConnections }, { checkConnection }] = await Promise.all([
    import('../compose/connections.ts'),
    import('./connection-check.ts'),
  ]);
  const program = runningDefinition();
  const opened = await openConnections({ salesforce: salesforceOf() }, pino({ level: 'silent' }));
  const checked: CheckedConnection[] = [];
  for (const [name, connection] of opened) checked.push(await checkConnection(name, connection, program));
  if (options.json === true) printJson({ connections: checked });
  else print(checked.map(renderConnection).join('\n\n'));

  const failure = checked.find((connection) => connection.failure !== null)?.failure ?? null;
  if (failure !== null) throw new CommandFailure(`The connection does not work: ${failure.code}: ${failure.message}`, failure.remedy);
  const count = (isOptional: boolean): number =>
    checked.flatMap(({ objects }) => objects.filter((object) => object.isOptional === isOptional).flatMap(({ problems }) => problems))
      .length;
  const [needed, optional] = [count(false), count(true)];
  if (needed + optional === 0) return;
  const what =
    needed > 0
      ? `${fields(needed)} not fit the mapping; a worker would not start.`
      : `${fields(optional)} not fit conversion; a worker starts, and what is to be written on opportunities waits.`;
  throw new CommandFailure(what, 'do what stands beside each field and check again.');
}

function fields(count: number): string {
  return count === 1 ? '1 field does' : `${count} fields do`;
}

function renderConnection({ name, failure, objects, usage }: CheckedConnection): string {
  const used = usage === null ? '' : `; ${usage.used} of ${usage.limit} calls used today`;
  const head = renderEntry(name, `${failure === null ? 'signed in' : failure.code}${used}`);
  const rows = objects.map(({ objectType, object, fields: mapped, problems, isOptional }) => [
    isOptional ? `${objectType}, written` : objectType,
    object,
    String(mapped),
    problems.length === 0 ? 'fits' : problems.map(({ field, problem, remedy }) => `${field} ${problem}. ${remedy}`).join(' '),
  ]);
  return rows.length === 0 ? head : `${head}\n${renderTable(['RECORDS', 'OBJECT', 'FIELDS', 'MAPPING'], rows)}`;
}
