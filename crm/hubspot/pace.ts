import { setTimeout as sleep } from 'node:timers/promises';

export interface PaceLimits {
  /** Calls in ten seconds, until an answer tells the portal's own limit. */
  readonly callsPerTenSeconds: number;
  /** Searches in a second. The account has five, which all its apps share, and answers to searches tell nothing of it. */
  readonly searchesPerSecond: number;
}

/** What every account has at least, and one search less than there are. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
export const USUAL_PACE: PaceLimits = { callsPerTenSeconds: 100, searchesPerSecond: 4 };

const TEN_SECONDS_MS = 10_000;
const SECOND_MS = 1_000;

/** Holds calls back so that HubSpot need not refuse them: those of this process, in the order in which they ask. Searches have a bucket of their own. */
export class Pace {
  readonly #calls: RollingWindow;
  readonly #searches: RollingWindow;

  constructor({ callsPerTenSeconds, searchesPerSecond }: PaceLimits) {
    this.#calls = new RollingWindow(TEN_SECONDS_MS, callsPerTenSeconds);
    this.#searches = new RollingWindow(SECOND_MS, searchesPerSecond);
  }

  /** Ends when the call may be made. */
  async turn(isSearch: boolean): Promise<void> {
    if (isSearch) await this.#searches.turn();
    await this.#calls.turn();
  }

  /** The portal's own limit of ten seconds, as an answer tells it. */
  learn(callsPerTenSeconds: number): void {
    this.#calls.most = callsPerTenSeconds;
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
