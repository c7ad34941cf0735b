import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceLimits {
  /** Calls in ten seconds, until an answer tells the portal's own limit. */
  readonly callsPerTenSeconds: number;
  /** Searches in a second. The account has five, which all its apps share, and answers to searches tell nothing of it. */
  readonly searchesPerSecond: number;
}

/** What every account has at least, and one search less than there are. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
export const USUAL_PACE: PaceLimits = { callsPerTenSeconds: 100, searchesPerSecond: 4 };

/** One bucket of one connection: calls leave it one by one, `spacingMs` apart, and `burst` of them at once where none did for a while. */
export interface PaceBucket {
  readonly connection: string;
  readonly bucket: 'calls' | 'searches';
  readonly spacingMs: number;
  readonly burst: number;
}

/** Where all processes of a connection take their turns. */
export interface SharedPace {
  /** Takes the next turn; the answer is how long to wait for it, in milliseconds. */
  reserve(bucket: PaceBucket): Promise<number>;
}

export interface PaceOptions {
  readonly connection: string;
  readonly limits: PaceLimits;
  /** Null: this process is alone. */
  readonly shared: SharedPace | null;
  /** Hears once that turns are not shared for now, and once that they are again. */
  readonly onShared: (isShared: boolean) => void;
}

const TEN_SECONDS_MS = 10_000;
const SECOND_MS = 1_000;
/** Of the calls of ten seconds: so many may leave at once, and so many are never used, since calls do not arrive as evenly as they leave. */
const BURST_SHARE = 0.2;
const SPARE_SHARE = 0.05;
/** Whoever shares the turns answers in some milliseconds; nobody waits longer than this for it. */
const SHARED_TIMEOUT_MS = 2_000;

/**
 * Holds calls back so that HubSpot need not refuse them. Searches have a bucket of their own, and take from that of all calls besides.
 *
 * Where processes share their turns, all of them together keep to the limits. Where they do not, or cannot for now, each keeps to them by itself, and what is refused is
 * repeated as after any refusal.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #calls: RollingWindow;
  readonly #searches: RollingWindow;
  #isShared = true;

  constructor(options: PaceOptions) {
    const { callsPerTenSeconds, searchesPerSecond } = options.limits;
    this.#options = options;
    this.#calls = new RollingWindow(TEN_SECONDS_MS, callsPerTenSeconds);
    this.#searches = new RollingWindow(SECOND_MS, searchesPerSecond);
  }

  /** Ends when the call may be made. */
  async turn(isSearch: boolean): Promise<void> {
    if (isSearch) {
      const spacingMs = SECOND_MS / this.#searches.most;
      await this.#turnIn({ bucket: 'searches', spacingMs, burst: 1 }, this.#searches);
    }
    const { most } = this.#calls;
    const burst = Math.max(1, Math.floor(most * BURST_SHARE));
    const spacingMs = TEN_SECONDS_MS / Math.max(1, most - burst - Math.ceil(most * SPARE_SHARE));
    await this.#turnIn({ bucket: 'calls', spacingMs, burst }, this.#calls);
  }

  /** The portal's own limit of ten seconds, as an answer tells it. */
  learn(callsPerTenSeconds: number): void {
    this.#calls.most = callsPerTenSeconds;
  }

  async #turnIn(bucket: Omit<PaceBucket, 'connection'>, own: RollingWindow): Promise<void> {
    const waitMs = await this.#reserve(bucket);
    if (waitMs === null) await own.turn();
    else if (waitMs > 0) await sleep(Math.ceil(waitMs));
  }

  /** Null where this process has to keep to the limits by itself. */
  async #reserve(bucket: Omit<PaceBucket, 'connection'>): Promise<number | null> {
    const { connection, onShared, shared } = this.#options;
    if (shared === null) return null;
    const waitMs = await boundedBy(
      SHARED_TIMEOUT_MS,
      shared.reserve({ connection, ...bucket }).catch(() => null),
    );
    if ((waitMs !== null) !== this.#isShared) {
      this.#isShared = waitMs !== null;
      onShared(this.#isShared);
    }
    return waitMs;
  }
}

async function boundedBy<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value | null> {
  const ended = new AbortController();
  try {
    return await Promise.race([work, sleep(timeoutMs, null, { signal: ended.signal }).catch(() => null)]);
  } finally {
    ended.abort();
  }
}

class RollingWindow {
  readonly #widthMs: number;
  most: number;
  #times: number[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(widthMs: number, most: number) {
    this.#widthMs = widthMs;
    this.most = most;
  }

  turn(): Promise<void> {
    this.#last = this.#last.then(() => this.#wait());
    return this.#last;
  }

  async #wait(): Promise<void> {
    for (;;) {
      const nowMs = performance.now();
      this.#times = this.#times.filter((time) => time > nowMs - this.#widthMs);
      const holder = this.#times.length < this.most ? undefined : this.#times[this.#times.length - this.most];
      if (holder === undefined) {
        this.#times.push(nowMs);
        return;
      }
      await sleep(Math.ceil(holder + this.#widthMs - nowMs));
    }
  }
}
