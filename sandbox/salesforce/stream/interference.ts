/** What a test asks of streaming beyond the faults of the transport: refusals, silence, strictness. */

import type { BayeuxError } from '../wire/bayeux.ts';

export interface Refusal extends BayeuxError {
  /** The meta channel whose messages are refused. */
  readonly channel: string;
  /** How many of them, from the next one on. */
  readonly times: number;
}

export interface Interference {
  /** Replaces all refusals. */
  readonly refuse: (refusals: readonly Refusal[]) => void;
  /** The refusal that hits this message, or null. */
  readonly hit: (channel: string) => BayeuxError | null;
  /** While held, connects get no answer, neither events nor the end of their time. */
  readonly hold: (isHeld: boolean) => void;
  readonly isHeld: () => boolean;
  readonly requireCookies: (isRequired: boolean) => void;
  readonly needsCookie: () => boolean;
  readonly clear: () => void;
}

export function createInterference(): Interference {
  let planned: { readonly refusal: Refusal; left: number }[] = [];
  let isHeld = false;
  let needsCookie = false;
  return {
    refuse: (refusals) => {
      planned = refusals.map((refusal) => ({ refusal, left: refusal.times }));
    },
    hit: (channel) => {
      const found = planned.find(({ refusal, left }) => refusal.channel === channel && left > 0);
      if (found === undefined) return null;
      found.left -= 1;
      const { error, reconnect, failureReason } = found.refusal;
      return {
        error,
        ...(reconnect === undefined ? {} : { reconnect }),
        ...(failureReason === undefined ? {} : { failureReason }),
      };
    },
    hold: (held) => {
      isHeld = held;
    },
    isHeld: () => isHeld,
    requireCookies: (isRequired) => {
      needsCookie = isRequired;
    },
    needsCookie: () => needsCookie,
    clear: () => {
      planned = [];
      isHeld = false;
      needsCookie = false;
    },
  };
}
