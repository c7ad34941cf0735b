import { setTimeout as delay } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { backfillAnswer, type BackfillAnswer } from '../../api/schemas/backfill.ts';
import { OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';
import { stopRequested } from '../compose/stop-signal.ts';
import type { ApiCall } from './api-call.ts';
import { createBackfillProgress } from './backfill-progress.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry, renderTable } from './table.ts';

const DEFAULT_CONNECTION = 'salesforce';
const ASK_EVERY_MS = 1_000;
const INTERRUPTED_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

interface BackfillOptions {
  readonly connection: string;
  readonly objects?: readonly ObjectType[];
  readonly status?: true;
  readonly wait: boolean;
  readonly json?: true;
}

/** `backfill`: all records of a CRM, read again. */
export function addBackfillCommand(root: Command): void {
  root
    .command('backfill')
    .description(
      'read all records of a CRM again: records are matched for the first time, what was missed is found, and those of ours that are not there are queued to be written. ' +
        'The workers do it in the background, beside live edits and below the soft share of the day’s calls. Progress goes to standard error; ' +
        'Ctrl-C ends only the watching: the command says how to follow it, and the same command goes on watching.',
    )
    .option('--connection <name>', 'the connection to read', DEFAULT_CONNECTION)
    .option('--objects <types>', `only these record types, joined by commas: ${OBJECT_TYPES.join(', ')}`, parseTypes)
    .option('--status', 'show how far the last one has come, and begin none')
    .option('--no-wait', 'begin it and do not watch it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run cli -- backfill\n  npm run cli -- backfill --objects partner,registration\n  npm run cli -- backfill --status',
    )
    .action(backfill);
}

function parseTypes(text: string): readonly ObjectType[] {
  const types = text.split(',').map((type) => type.trim());
  const unknown = types.find((type) => !OBJECT_TYPES.some((known) => known === type));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`${JSON.stringify(unknown)} is none; expected some of ${OBJECT_TYPES.join(', ')}.`);
  return types as readonly ObjectType[];
}

async function backfill(options: BackfillOptions): Promise<void> {
  const answer: Watched = await withApi(async (call): Promise<Watched> => {
    if (options.status === true) return read(call, options.connection);
    const body = { connection: options.connection, ...(options.objects === undefined ? {} : { objectTypes: options.objects }) };
    const begun = backfillAnswer.parse(await call('POST', '/v1/sync/backfills', body));
    return options.wait ? watch(call, begun) : begun;
  });
  if (answer.interruptedBy !== undefined) {
    process.stderr.write(`${followWords(options, answer.connection)}\n`);
    process.exitCode = INTERRUPTED_CODES[answer.interruptedBy] ?? 1;
    return;
  }
  if (options.json === true) printJson(answer);
  else print(render(answer));
}

async function read(call: ApiCall, connection: string): Promise<BackfillAnswer> {
  return backfillAnswer.parse(await call('GET', `/v1/sync/backfills/${encodeURIComponent(connection)}`));
}

type Watched = BackfillAnswer & { readonly interruptedBy?: string };

/** Ends with the backfill, or when somebody interrupts the watching: the workers go on then. */
async function watch(call: ApiCall, begun: BackfillAnswer): Promise<Watched> {
  const progress = createBackfillProgress(process.stderr);
  const stopping = stopRequested();
  let answer = begun;
  try {
    for (;;) {
      progress.show(answer, performance.now());
      if (answer.state !== 'running') return answer;
      const interruptedBy = await Promise.race([stopping, delay(ASK_EVERY_MS)]);
      if (interruptedBy !== undefined) return { ...answer, interruptedBy };
      answer = await read(call, answer.connection);
    }
  } finally {
    progress.close();
  }
}

function followWords({ objects }: BackfillOptions, connection: string): string {
  const same = [
    'npm run cli -- backfill',
    ...(connection === DEFAULT_CONNECTION ? [] : [`--connection ${connection}`]),
    ...(objects === undefined ? [] : [`--objects ${objects.join(',')}`]),
  ].join(' ');
  return [
    `The backfill of ${connection} goes on without this command.`,
    `Follow it with \`${same}\`, see how far it is with \`${same} --status\`; to hold it, pause the connection with \`npm run cli -- sync pause\`.`,
  ].join('\n');
}

function render({ connection, state, objects }: BackfillAnswer): string {
  if (state === 'none') return renderEntry(connection, 'no backfill was asked for yet');
  const rows = objects.map((each) => [
    each.objectType,
    each.state,
    each.total === null ? String(each.done) : `${each.done} of ${each.total}`,
    String(each.pendingOut),
    each.reason ?? '',
  ]);
  return `${renderEntry(connection, state === 'done' ? 'everything was read' : 'under way')}\n${renderTable(['RECORDS', 'STATE', 'READ', 'TO WRITE', 'WAITS FOR'], rows)}`;
}
