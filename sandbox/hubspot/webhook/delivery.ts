/** Sends events to apps: in batches, in no order, some twice, and again when an app does not take them. Source: HubSpot developer documentation, "Webhooks". */

import { setTimeout as later } from 'node:timers/promises';
import type { Database, StoredRow } from '../store/database.ts';
import { signatureHeaders } from './signature.ts';
import type { SubscriptionStore } from './subscription.ts';

const TIMEOUT_MS = 5000;
const MOST_EVENTS = 100;
/** Ten tries more within a day; how they are spread is not documented. */
const RETRY_DELAYS_MS = [1, 5, 15, 30, 60, 120, 180, 240, 360, 420].map((minutes) => minutes * 60 * 1000);
const LONGEST_TIMER_MS = 60 * 60 * 1000;

export interface Interference {
  /** Nothing is sent while it is true. */
  readonly hold: boolean;
  /** Every so many events one is sent again; 0 for never. */
  readonly duplicateEvery: number;
  readonly batchSize: number;
  /** Events come as they happened, one request at a time. */
  readonly inOrder: boolean;
}

export interface DeliveryState {
  readonly waiting: number;
  readonly delivered: number;
  readonly duplicated: number;
  /** Requests that an app did not answer with success. */
  readonly failed: number;
  /** Events that were given up after the last try. */
  readonly lost: number;
}

export interface Delivery {
  /** Sends what is due; answers at once. */
  readonly wake: () => void;
  readonly interfere: (changes: Partial<Interference>) => Interference;
  readonly state: () => DeliveryState;
  readonly clear: () => void;
  readonly close: () => Promise<void>;
}

export interface DeliveryContext {
  /** The sandbox's clock, by which events are due. */
  readonly now: () => number;
  /** The machine's clock, which a receiver holds against the time that is signed. */
  readonly signedAt: () => number;
  readonly secretOf: (appId: number) => string;
  readonly seed: number;
}

const AS_HUBSPOT: Interference = { hold: false, duplicateEvery: 25, batchSize: MOST_EVENTS, inOrder: false };
const NOTHING = { delivered: 0, duplicated: 0, failed: 0, lost: 0 };

interface Event {
  readonly id: number;
  readonly body: object;
  readonly attempt: number;
}

export function createDelivery(db: Database, subscriptions: SubscriptionStore, context: DeliveryContext): Delivery {
  let interference = AS_HUBSPOT;
  let counts = { ...NOTHING };
  let closing: AbortController = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let isScheduled = false;
  let random = randomOf(context.seed);
  const inFlight = new Map<number, Set<number>>();
  const running = new Set<Promise<void>>();
  const flying = (appId: number) => inFlight.get(appId) ?? inFlight.set(appId, new Set()).get(appId) ?? new Set<number>();
  const requests = new Map<number, number>();

  const wake = () => {
    if (isScheduled || closing.signal.aborted) return;
    isScheduled = true;
    // After the answer of the call that made the events.
    setImmediate(() => {
      isScheduled = false;
      if (!closing.signal.aborted) sendDue();
    });
  };
  const sendDue = () => {
    if (interference.hold) return;
    for (const { app_id: app } of db.select('SELECT DISTINCT app_id FROM webhook_event WHERE due_at <= ?', context.now())) {
      const appId = Number(app);
      const settings = subscriptions.settings(appId);
      if (settings === null) {
        // Nobody is there any more to be told.
        db.run('DELETE FROM webhook_event WHERE app_id = ?', appId);
        continue;
      }
      while ((requests.get(appId) ?? 0) < (interference.inOrder ? 1 : settings.mostConcurrent)) {
        const batch = nextBatch(appId);
        if (batch.length === 0) break;
        start(appId, settings.targetUrl, batch);
      }
    }
    setTimer();
  };
  const nextBatch = (appId: number): readonly Event[] => {
    const taken = flying(appId);
    const rows = db.select(
      'SELECT id, body, attempt FROM webhook_event WHERE app_id = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?',
      appId,
      context.now(),
      taken.size + interference.batchSize,
    );
    const events = rows.map(eventOf).filter((event) => !taken.has(event.id));
    const batch = events.slice(0, interference.batchSize);
    return interference.inOrder ? batch : shuffled(batch, random);
  };
  const start = (appId: number, targetUrl: string, batch: readonly Event[]) => {
    const taken = flying(appId);
    for (const event of batch) taken.add(event.id);
    requests.set(appId, (requests.get(appId) ?? 0) + 1);
    const { signal } = closing;
    const request = post(appId, targetUrl, batch, signal).then((isTaken) => {
      if (signal.aborted) return;
      for (const event of batch) taken.delete(event.id);
      requests.set(appId, (requests.get(appId) ?? 1) - 1);
      db.transaction(() => {
        for (const event of batch)
          if (isTaken) settle(event, appId);
          else postpone(event);
        return true;
      });
      if (!isTaken) counts.failed += 1;
      wake();
    });
    running.add(request);
    void request.finally(() => running.delete(request));
  };
  const post = async (appId: number, targetUrl: string, batch: readonly Event[], signal: AbortSignal): Promise<boolean> => {
    const body = JSON.stringify(batch.map((event) => ({ ...event.body, attemptNumber: event.attempt })));
    const headers = signatureHeaders(context.secretOf(appId), targetUrl, body, context.signedAt());
    try {
      const answer = await fetch(targetUrl, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'user-agent': 'HubSpot Connect 2.0 (sandbox)', ...headers },
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  };
  const settle = (event: Event, appId: number) => {
    counts.delivered += 1;
    const isAgain = interference.duplicateEvery > 0 && counts.delivered % interference.duplicateEvery === 0;
    // The copy is a row of its own, so that it comes in another batch.
    if (isAgain)
      db.run(
        'INSERT INTO webhook_event (app_id, body, attempt, due_at) VALUES (?, ?, ?, ?)',
        appId,
        JSON.stringify(event.body),
        event.attempt,
        context.now(),
      );
    if (isAgain) counts.duplicated += 1;
    db.run('DELETE FROM webhook_event WHERE id = ?', event.id);
  };
  const postpone = (event: Event) => {
    const delayMs = RETRY_DELAYS_MS[event.attempt];
    if (delayMs === undefined) {
      counts.lost += 1;
      db.run('DELETE FROM webhook_event WHERE id = ?', event.id);
    } else {
      db.run('UPDATE webhook_event SET attempt = attempt + 1, due_at = ? WHERE id = ?', context.now() + delayMs, event.id);
    }
  };
  const setTimer = () => {
    if (timer !== null) clearTimeout(timer);
    const next = db.select('SELECT min(due_at) AS at FROM webhook_event WHERE due_at > ?', context.now())[0]?.['at'];
    if (next === null || next === undefined) return;
    timer = setTimeout(wake, Math.min(Number(next) - context.now(), LONGEST_TIMER_MS));
    timer.unref();
  };
  return {
    wake,
    interfere: (changes) => {
      interference = { ...interference, ...changes };
      wake();
      return interference;
    },
    state: () => ({ waiting: Number(db.select('SELECT count(*) AS n FROM webhook_event')[0]?.['n'] ?? 0), ...counts }),
    clear: () => {
      closing.abort();
      closing = new AbortController();
      inFlight.clear();
      requests.clear();
      interference = AS_HUBSPOT;
      counts = { ...NOTHING };
      random = randomOf(context.seed);
      subscriptions.reload();
    },
    close: async () => {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
      await Promise.race([Promise.allSettled(running), later(TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}

function eventOf(row: StoredRow): Event {
  return { id: Number(row['id']), body: JSON.parse(String(row['body'])) as object, attempt: Number(row['attempt']) };
}

function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const mixed = [...items];
  for (let index = mixed.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [mixed[index], mixed[other]] = [mixed[other] as Item, mixed[index] as Item];
  }
  return mixed;
}

/** Numbers from 0 to 1 that are the same ones in every run (a linear congruence, by Knuth's constants). */
function randomOf(seed: number): () => number {
  let state = BigInt(seed);
  return () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return Number(state >> 11n) / 2 ** 53;
  };
}
