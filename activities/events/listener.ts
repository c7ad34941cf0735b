import { setTimeout as delay } from 'node:timers/promises';
import { CRM_FAILURES, CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { ChangeNews } from '../../crm/port.ts';
import type { Instant, ObjectType } from '../../program/vocabulary.ts';
import { nudgeSyncOf, wantSweep } from '../../store/changed-record.ts';
import { readConnection } from '../../store/connection.ts';
import type { Transaction } from '../../store/database.ts';
import { saveEventStream, takeEventStream, type EventStream, type StreamChange } from '../../store/event-stream.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { takeHints } from './take-hints.ts';

/** Whose changes are listened to. Users and tasks are left to the poll, as the shipped channel does. */
const LISTENED: readonly ObjectType[] = ['partner', 'account', 'opportunity', 'registration'];
/** Salesforce keeps events for 72 hours. Whoever was away for longer cannot have heard all of them. */
const RETENTION_MS = 72 * 60 * 60 * 1_000;

export interface ListenerPauses {
  /** How often it is looked whether the connection still runs. */
  readonly watchMs: number;
  /** The first pause after a failure; each further one is twice as long. */
  readonly firstMs: number;
  readonly longestMs: number;
}

export const LISTENER_PAUSES: ListenerPauses = { watchMs: 2_000, firstMs: 1_000, longestMs: 5 * 60_000 };

/** An allowance that is used up, or a channel that is not there, does not come back within seconds. */
const LASTING: ReadonlySet<CrmFailureCode> = new Set(['CRM_EVENTS_UNAVAILABLE', 'CRM_EVENTS_EXHAUSTED', 'CRM_AUTH_FAILED']);
const LASTING_FACTOR = 30;

const WELL = { code: null, message: null, remedy: null, retryAt: null } as const;

export interface Listening {
  readonly deps: ActivityDependencies;
  readonly name: string;
  readonly connection: Connection;
  /** Ends it in order. */
  readonly signal: AbortSignal;
  /** Called whenever it stands differently, or there is news of it. */
  readonly tell: (stream: EventStream) => void;
  readonly pauses?: ListenerPauses;
}

/** `superseded`: another listener took over meanwhile. */
export type ListenerEnd = 'stopped' | 'superseded';

/**
 * Listens to the changes of one connection until the signal ends it, and keeps what they lead to together with the position behind them.
 *
 * While the connection is paused or parked it lets go of the CRM. When the CRM does not tell of changes, the connection goes on by polling; that is said once, and it
 * is tried again with growing pauses. Throws what is no failure of the CRM, such as a store that does not answer.
 */
export async function listenToChanges(listening: Listening): Promise<ListenerEnd> {
  const { deps, name, signal, pauses = LISTENER_PAUSES } = listening;
  const holder = deps.newId();
  const stream = new KeptStream(listening, holder, await takeEventStream(deps.db, name, holder, deps.now()));
  let failures = 0;
  try {
    while (!signal.aborted) {
      if (!(await isRunning(deps, name))) {
        await stream.turn('paused', WELL);
        await pause(pauses.watchMs, signal);
        continue;
      }
      try {
        await listenWhileRunning(listening, stream, () => {
          failures = 0;
        });
        failures = 0;
      } catch (error) {
        if (!(error instanceof CrmFailure)) throw error;
        failures += 1;
        const factor = LASTING.has(error.code) ? LASTING_FACTOR : 1;
        const pauseMs = Math.min(pauses.longestMs, pauses.firstMs * factor * 2 ** Math.min(failures - 1, 12));
        await stream.away(error, pauseMs);
        await pause(Math.min(error.retryAfterMs ?? pauseMs, pauses.longestMs), signal);
      }
    }
    await stream.turn('stopped', WELL);
    return 'stopped';
  } catch (error) {
    if (error instanceof Superseded) return 'superseded';
    throw error;
  }
}

/** Takes news after news until the connection stops running, or the listener does. */
async function listenWhileRunning(listening: Listening, stream: KeptStream, onNews: () => void): Promise<void> {
  const { deps, name, connection, signal, pauses = LISTENER_PAUSES } = listening;
  const { port, mapping } = connection;
  const halt = new AbortController();
  const watch = setInterval(() => {
    isRunning(deps, name).then(
      (is) => is || halt.abort(),
      // A store that is away is noticed where something is to be kept.
      () => undefined,
    );
  }, pauses.watchMs);
  try {
    const objects = [...new Set(LISTENED.map((objectType) => mapping[objectType].object))];
    const request = { objects, positions: stream.positions, signal: AbortSignal.any([signal, halt.signal]) };
    for await (const news of port.listen?.(request) ?? []) {
      onNews();
      await stream.take(news);
    }
  } finally {
    clearInterval(watch);
  }
}

async function isRunning({ db }: ActivityDependencies, name: string): Promise<boolean> {
  return ((await readConnection(db, name))?.state ?? 'running') === 'running';
}

/** Another listener holds the stream: nothing may be kept any more. */
class Superseded extends Error {}

/** The state of listening as the store has it, and as this listener knows it. */
class KeptStream {
  readonly #listening: Listening;
  readonly #holder: string;
  #stream: EventStream;

  constructor(listening: Listening, holder: string, stream: EventStream) {
    this.#listening = listening;
    this.#holder = holder;
    this.#stream = stream;
  }

  get positions(): Readonly<Record<string, string>> {
    return this.#stream.positions;
  }

  async take(news: ChangeNews): Promise<void> {
    const { deps, name, connection } = this.#listening;
    const heardAt = deps.now();
    switch (news.kind) {
      case 'listening': {
        const { channels } = news;
        const positions = Object.fromEntries(Object.entries(this.positions).filter(([channel]) => channels.includes(channel)));
        return this.turn('listening', { channels, positions, heardAt, ...WELL });
      }
      case 'quiet':
        return this.#keep({ heardAt });
      case 'gap':
        return this.#keep({ positions: without(this.positions, news.channel), gapAt: heardAt }, (trx) => this.#bridge(trx, heardAt));
      case 'changes': {
        const lastEventAt =
          news.hints
            .map(({ at }) => at)
            .sort()
            .at(-1) ?? null;
        const change = { positions: { ...this.positions, ...news.positions }, heardAt, ...(lastEventAt === null ? {} : { lastEventAt }) };
        return this.#keep(change, (trx) => takeHints(trx, name, connection, news.hints));
      }
    }
  }

  /** Says and keeps another state; the same one again is no news. */
  async turn(state: EventStream['state'], change: StreamChange): Promise<void> {
    const isNew = this.#stream.state !== state;
    if (!isNew && change.channels === undefined) return;
    const { deps, name } = this.#listening;
    await this.#keep({ ...change, state, ...(isNew ? { since: deps.now() } : {}) });
    if (isNew) deps.log.info({ connection: name, state, channels: this.#stream.channels }, 'listening to changes of the CRM');
  }

  async away({ code, message }: CrmFailure, pauseMs: number): Promise<void> {
    const { deps, name } = this.#listening;
    const isNew = this.#stream.state !== 'away' || this.#stream.code !== code;
    const retryAt = new Date(Date.parse(deps.now()) + pauseMs).toISOString();
    await this.#keep({ state: 'away', code, message, remedy: CRM_FAILURES[code].remedy, retryAt, ...(isNew ? { since: deps.now() } : {}) });
    if (isNew) deps.log.warn({ connection: name, code, reason: message }, 'the CRM does not tell of changes; they are polled meanwhile');
  }

  /** What came between is unknown. Polls go on from their cursors, and begin now; what they cannot have seen is swept. */
  async #bridge(trx: Transaction, at: Instant): Promise<void> {
    const { name, deps } = this.#listening;
    const { heardAt, lastEventAt } = this.#stream;
    const since = heardAt ?? lastEventAt;
    const isLong = since !== null && Date.parse(at) - Date.parse(since) > RETENTION_MS;
    if (isLong) for (const objectType of LISTENED) await wantSweep(trx, name, objectType, since);
    await nudgeSyncOf(trx, name, LISTENED);
    deps.log.warn(
      { connection: name, lastHeardAt: since, isSwept: isLong },
      'the place among the events of the CRM was lost; sync reads from its cursors',
    );
  }

  async #keep(change: StreamChange, work: (trx: Transaction) => Promise<void> = async () => undefined): Promise<void> {
    const { deps, name, tell } = this.#listening;
    await deps.db.transaction().execute(async (trx) => {
      if (!(await saveEventStream(trx, name, this.#holder, change))) throw new Superseded();
      await work(trx);
    });
    this.#stream = { ...this.#stream, ...change };
    tell(this.#stream);
  }
}

function without(positions: Readonly<Record<string, string>>, channel: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(positions).filter(([name]) => name !== channel));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Woken by the end of listening: that is no failure.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
