import type { Command } from 'commander';
import type { z } from 'zod';
import { channelAnswer, messageAnswer, messageStatusAnswer, type MessageAnswer } from '../../api/schemas/message.ts';
import { pageOf } from '../../api/schemas/page.ts';
import { ApiRefusal, type ApiCall } from './api-call.ts';
import { withApi } from './installation.ts';
import { print, printJson } from './print.ts';
import { renderEntry } from './table.ts';
import { wholeNumber } from './whole-number.ts';

/** `messages …`: what was told, to whom and when; and what an operator may do about what was not delivered. */
export function addMessageCommands(root: Command): void {
  const messages = root.command('messages').description('see what was told to partners and users; retry, skip and resume');

  messages
    .command('list')
    .argument('<id>', 'registration/<id>, case/<id>, or an id alone')
    .description('list every message about a registration or a case, the oldest first')
    .option('--limit <number>', 'how many, 1–200', wholeNumber(1, 200), 50)
    .option('--cursor <cursor>', 'go on where an earlier list ended (its nextCursor)')
    .option('--json', 'print JSON')
    .action(list);

  messages
    .command('status')
    .description('show every channel: whether it delivers, what waits, and what was sent, skipped or failed')
    .option('--json', 'print JSON')
    .action(showStatus);

  messages
    .command('retry')
    .argument('<messageId>', 'id of a message that failed or was skipped, from `messages list`')
    .description('try a message again, now and for its full time')
    .option('--json', 'print JSON')
    .action((messageId: string, options: JsonOption) => settle(messageId, 'retry', options));

  messages
    .command('skip')
    .argument('<messageId>', 'id of a message that waits or failed')
    .description('set a message aside; it does not need attention any more')
    .option('--json', 'print JSON')
    .action((messageId: string, options: JsonOption) => settle(messageId, 'skip', options));

  messages
    .command('resume')
    .argument('<channel>', 'name of a channel, from `messages status`')
    .description('go on at once with a channel that is held or disabled')
    .option('--json', 'print JSON')
    .action(resume);
}

interface JsonOption {
  readonly json?: true;
}

interface ListOptions extends JsonOption {
  readonly limit: number;
  readonly cursor?: string;
}

async function list(given: string, options: ListOptions): Promise<void> {
  const query = new URLSearchParams({ limit: String(options.limit) });
  if (options.cursor !== undefined) query.set('cursor', options.cursor);
  const page: unknown = await withApi((call) => readMessages(call, given, query));
  if (options.json === true) return printJson(page);
  const { items, nextCursor } = pageOf(messageAnswer).parse(page);
  print(items.length === 0 ? `Nothing was told of ${given}.` : items.map(renderMessage).join('\n\n'));
  if (nextCursor !== null) print(`\nThere are more: add --cursor ${nextCursor}`);
}

/** An id alone is that of a registration, or else of a case. */
async function readMessages(call: ApiCall, given: string, query: URLSearchParams): Promise<unknown> {
  const [, kind, id = given] = /^(registration|case)\/(.*)$/.exec(given) ?? [];
  const readOf = (of: 'registrations' | 'cases'): Promise<unknown> =>
    call('GET', `/v1/${of}/${encodeURIComponent(id)}/messages?${query.toString()}`);
  if (kind === 'case') return readOf('cases');
  if (kind === 'registration') return readOf('registrations');
  try {
    return await readOf('registrations');
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.status !== 404) throw error;
    return readOf('cases');
  }
}

function renderMessage({ id, subject, event, recipient, channel, status, createdAt, sentAt, attempts, lastError }: MessageAnswer): string {
  const tries = attempts === 0 ? 'not tried' : attempts === 1 ? 'tried once' : `tried ${attempts} times`;
  const became = status === 'sent' ? `sent ${sentAt ?? ''}` : lastError === null ? status : `${status}: ${inWords(lastError)}`;
  return [
    renderEntry(id, `${became}, ${tries}`),
    renderEntry('  event', `${event} of ${subject}, ${createdAt}`),
    renderEntry('  to', `${recipient.kind} ${recipient.id} by ${channel}`),
  ].join('\n');
}

/** `CHANNEL_NOT_CONFIGURED` is read as `channel not configured`. */
function inWords(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

async function showStatus(options: JsonOption): Promise<void> {
  const status: unknown = await withApi((call) => call('GET', '/v1/messages/status'));
  if (options.json === true) return printJson(status);
  print(messageStatusAnswer.parse(status).channels.map(renderChannel).join('\n\n'));
}

function renderChannel({ name, state, code, waiting, oldestWaitingSince, sent, failed, skipped }: z.output<typeof channelAnswer>): string {
  const waits = oldestWaitingSince === null ? 'nothing waits' : `${waiting} wait, the oldest since ${oldestWaitingSince}`;
  return [
    renderEntry(name, `${state}${code === null ? '' : ` (${inWords(code)})`}; ${waits}`),
    renderEntry('  so far', `${sent} sent, ${skipped} skipped, ${failed} failed`),
  ].join('\n');
}

async function settle(messageId: string, action: 'retry' | 'skip', options: JsonOption): Promise<void> {
  const message: unknown = await withApi((call) => call('POST', `/v1/messages/${encodeURIComponent(messageId)}/${action}`));
  if (options.json === true) printJson(message);
  else print(renderMessage(messageAnswer.parse(message)));
}

async function resume(channel: string, options: JsonOption): Promise<void> {
  const resumed: unknown = await withApi((call) => call('POST', `/v1/messages/channels/${encodeURIComponent(channel)}/resume`));
  if (options.json === true) printJson(resumed);
  else print(renderChannel(channelAnswer.parse(resumed)));
}
