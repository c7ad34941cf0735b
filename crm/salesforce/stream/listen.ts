import { setTimeout as delay } from 'node:timers/promises';
import { CrmFailure } from '../../failures.ts';
import type { ChangeHint, ChangeNews, ListenRequest } from '../../port.ts';
import { asObject, textOrNull } from '../../answer-shape.ts';
import { callApi } from '../call.ts';
import type { Session } from '../session.ts';
import { BayeuxClient } from './bayeux-client.ts';
import { CONNECT, refusalOf, type BayeuxReply } from './bayeux-message.ts';
import { readEvents } from './change-event.ts';
import { channelOfObject, SHIPPED_CHANNEL, SHIPPED_OBJECTS } from './event-channel.ts';
import { judgeRefusal, type StreamRefusal } from './stream-refusal.ts';

/** As with calls: what another process had got may have ended since, so that it takes a second renewal to have a session of today. */
const MOST_RENEWALS = 2;
/** Clients that were forgotten without a single answer in between: then something else is wrong. */
const MOST_CLIENTS = 3;
const MOST_INTERVAL_MS = 30_000;

/** What has to be done before listening goes on. */
type Interruption = 'renew' | 'again' | 'over';

/**
 * Change events of the org as hints, from the positions that are given on, until the signal ends it.
 *
 * A client that the org forgot is made anew, and so is one whose session ended, from the position behind the last news that were taken. Whoever takes the
 * news is waited for, so that nothing is passed that was not taken care of. Throws a `CrmFailure` for everything else: no channel, the allowance of the day, silence.
 */
export async function* listen(session: Session, request: ListenRequest): AsyncGenerator<ChangeNews, void, undefined> {
  const { signal } = request;
  const positions = new Map(Object.entries(request.positions));
  const life = { renewals: 0, clients: 0 };
  while (!signal.aborted) {
    const held = await session.signedIn();
    const client = new BayeuxClient(session, signal);
    let interruption: Interruption;
    try {
      interruption = yield* listenAs(client, session, request, positions, life);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    } finally {
      await client.leave();
    }
    if (interruption === 'over') return;
    if (interruption === 'again') {
      life.clients += 1;
      if (life.clients >= MOST_CLIENTS) throw new CrmFailure('CRM_UNAVAILABLE', 'The org forgets every client for change events at once');
      continue;
    }
    life.renewals += 1;
    if (life.renewals > MOST_RENEWALS || (life.renewals > 1 && held.isFresh))
      throw new CrmFailure('CRM_AUTH_FAILED', 'A renewed session was refused for change events');
    await session.renew(held.accessToken);
  }
}

async function* listenAs(
  client: BayeuxClient,
  session: Session,
  { objects, signal }: ListenRequest,
  positions: Map<string, string>,
  life: { renewals: number; clients: number },
): AsyncGenerator<ChangeNews, Interruption, undefined> {
  const greeting = refusalOf(await client.handshake());
  if (greeting !== null) return interruptionBy(judgeRefusal(greeting));
  const subscribed = yield* subscribeAll(client, objects, positions);
  if (typeof subscribed === 'string') return subscribed;
  await learnUser(session);
  let isTold = false;
  while (!signal.aborted) {
    const replies = await client.connect(!isTold);
    const isEvent = ({ channel }: BayeuxReply): boolean => channel.startsWith('/data/');
    const metas = replies.filter((reply) => !isEvent(reply));
    const refusal = metas.map(refusalOf).find((words) => words !== null) ?? null;
    const isAnswered = metas.some(({ channel, successful }) => channel === CONNECT && successful === true);
    if (isAnswered) Object.assign(life, { renewals: 0, clients: 0 });
    if (isAnswered && !isTold) yield { kind: 'listening', channels: subscribed };
    isTold ||= isAnswered;
    const events = replies.filter(isEvent);
    if (events.length > 0) {
      const { hints, positions: behind, unreadable } = readEvents(events, session.userId);
      yield { kind: 'changes', hints: [...hints, ...(unreadable > 0 ? anythingOf(objects) : [])], positions: behind };
      for (const [channel, position] of Object.entries(behind)) positions.set(channel, position);
    } else if (isAnswered) yield { kind: 'quiet' };
    if (refusal !== null) return interruptionBy(judgeRefusal(refusal));
    const advice = metas.find(({ channel }) => channel === CONNECT)?.advice;
    if (advice?.reconnect === 'handshake' || advice?.reconnect === 'none') return 'again';
    if (!isAnswered && events.length === 0) throw new CrmFailure('CRM_UNAVAILABLE', 'The org answered for change events, and said nothing');
    await pause(Math.min(advice?.interval ?? 0, MOST_INTERVAL_MS), signal);
  }
  return 'over';
}

/** Subscribes to the shipped channel and to those of objects that it does not have; without it, to each object's own. Gives the channels. */
async function* subscribeAll(
  client: BayeuxClient,
  objects: readonly string[],
  positions: Map<string, string>,
): AsyncGenerator<ChangeNews, readonly string[] | Interruption, undefined> {
  const others = objects.filter((object) => !SHIPPED_OBJECTS.includes(object)).map(channelOfObject);
  const first = yield* subscribeTo(client, [SHIPPED_CHANNEL, ...others], positions);
  if (typeof first === 'string' || first.includes(SHIPPED_CHANNEL)) return first;
  const own = objects.filter((object) => SHIPPED_OBJECTS.includes(object)).map(channelOfObject);
  const second = yield* subscribeTo(client, own, positions);
  if (typeof second === 'string') return second;
  const channels = [...first, ...second];
  if (channels.length === 0)
    throw new CrmFailure('CRM_EVENTS_UNAVAILABLE', `The org has neither ${SHIPPED_CHANNEL} nor a channel of the objects that are synced`);
  return channels;
}

/** The channels of these that there are. One whose position is not known any more begins with what is new, and says so. */
async function* subscribeTo(
  client: BayeuxClient,
  channels: readonly string[],
  positions: Map<string, string>,
): AsyncGenerator<ChangeNews, readonly string[] | Interruption, undefined> {
  const wasElsewhere = positions.size > 0;
  const subscribed: string[] = [];
  let pending = channels;
  // A second round for positions that were refused; at the newest event there is none to refuse.
  for (let round = 0; pending.length > 0 && round < 2; round += 1) {
    const replies = await client.subscribe(new Map(pending.map((channel) => [channel, positions.get(channel) ?? null])));
    const refused: string[] = [];
    for (const [index, channel] of pending.entries()) {
      const reply = replies.find(({ subscription }) => subscription === channel) ?? replies[index];
      const words = reply === undefined ? 'the subscription was not answered' : refusalOf(reply);
      const refusal = words === null ? null : judgeRefusal(words);
      if (refusal === null) {
        subscribed.push(channel);
        if (wasElsewhere && round === 0 && !positions.has(channel)) yield { kind: 'gap', channel };
      } else if (refusal.kind === 'position') {
        positions.delete(channel);
        refused.push(channel);
        yield { kind: 'gap', channel };
      } else if (refusal.kind !== 'channel') return interruptionBy(refusal);
    }
    pending = refused;
  }
  if (pending.length > 0) throw new CrmFailure('CRM_UNAVAILABLE', `The org refuses every position of ${pending.join(', ')}`);
  return subscribed;
}

function interruptionBy(refusal: StreamRefusal): Interruption {
  switch (refusal.kind) {
    case 'session':
      return 'renew';
    case 'client':
    case 'position':
      return 'again';
    case 'channel':
      throw new CrmFailure('CRM_EVENTS_UNAVAILABLE', 'The org does not serve the channel of change events any more');
    case 'failure':
      throw refusal.failure;
  }
}

/** Who we are, asked once. Without it, what we write ourselves costs a look each. */
async function learnUser(session: Session): Promise<void> {
  if (session.userId !== null) return;
  try {
    const { body } = await callApi(session, { operation: 'user_info', method: 'GET', path: '/services/oauth2/userinfo' });
    session.userId = textOrNull(asObject(body, 'userinfo')['user_id']);
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
  }
}

/** An event that cannot be read may be about any record. */
function anythingOf(objects: readonly string[]): readonly ChangeHint[] {
  const at = new Date().toISOString();
  return objects.map((object) => ({ object, ids: [], what: 'unknown', at, isOwn: false, fields: [] }));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
