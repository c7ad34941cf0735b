import type { CustomerMatch, MatchBand } from './claim.ts';

/** One thing that speaks for two records being one customer, or, with a weight below zero, against it. */
export interface Signal {
  readonly says: string;
  /** From −1 to 1. */
  readonly weight: number;
}

/**
 * How much each signal says by itself. They order matches within a band, and the bands are not drawn by them: what is done about a match never depends on how
 * weights add up. Numbers of a register are given to one company; a domain may be a group's; a name is shared by strangers, most of all without a country.
 */
export const WEIGHTS = {
  companyNumber: 0.97,
  sameAccount: 0.97,
  domain: 0.95,
  knownKeys: 0.9,
  placedName: 0.85,
  nameAndCountry: 0.7,
  twin: 0.6,
  nameUnderOtherDomain: 0.5,
  /** Of names that are all but equal; less alike ones weigh less in proportion. */
  similarName: 0.5,
  nameAlone: 0.4,
  contradiction: 0.5,
} as const;

/** Where each band lies on the scale: whatever the signals, a match of a surer band has the higher score. */
const RANGE = { weak: [0.1, 0.5], probable: [0.5, 0.9], exact: [0.9, 1] } as const satisfies Record<MatchBand, readonly [number, number]>;

/**
 * A match of `band` for these signals. Its score lies within the band at 1 − (1 − w₁)(1 − w₂)…, which is how sure independent witnesses are together, less the
 * share that speaks against it; each signal is shown with its weight: `+0.95 same registrable domain contoso.com`.
 */
export function matchOf(band: MatchBand, signals: readonly Signal[]): CustomerMatch {
  const doubt = signals.reduce((left, { weight }) => (weight > 0 ? left * (1 - weight) : left), 1);
  const doubtAgainst = signals.reduce((left, { weight }) => (weight < 0 ? left * (1 + weight) : left), 1);
  const [low, high] = RANGE[band];
  const score = low + (high - low) * (1 - doubt) * doubtAgainst;
  return { band, signals: signals.map(shown), score: Math.floor(score * 1000) / 1000 };
}

function shown({ says, weight }: Signal): string {
  if (weight === 0) return says;
  return `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)} ${says}`;
}

/** Records that the store knows as one customer: claims in between share a key with each of them. */
export function knownAsOne(match: CustomerMatch | null): CustomerMatch {
  return joined({ says: 'known as one customer by the keys of other claims', weight: WEIGHTS.knownKeys }, match);
}

/** Claims that the CRM places at one account. Where their own keys contradict each other a person has to look: somebody may have chosen the group's account for both. */
export function placedTogether(connection: string, account: string, match: CustomerMatch | null, doKeysContradict: boolean): CustomerMatch {
  const signal = { says: `placed at the same account ${account} of ${connection}`, weight: WEIGHTS.sameAccount };
  if (!doKeysContradict) return joined(signal, match);
  if (match?.band === 'exact') return match;
  const against = { says: 'but the domains or company numbers differ', weight: -WEIGHTS.contradiction };
  const known = matchOf('probable', [signal, against]);
  return { ...known, signals: [...known.signals, ...(match?.signals ?? [])] };
}

/** A record that matches another company of the customer's group: as sure as the less sure of both steps, and never the same customer. */
export function throughGroup(says: string, toAccount: CustomerMatch, ofRecord: CustomerMatch): CustomerMatch {
  const least = toAccount.score <= ofRecord.score ? toAccount : ofRecord;
  return { band: least.band, score: least.score, signals: [says, ...ofRecord.signals] };
}

/** Exact by what is known besides; what the records themselves say stays, and an exact match of theirs needs no more. */
function joined(signal: Signal, match: CustomerMatch | null): CustomerMatch {
  if (match?.band === 'exact') return match;
  const known = matchOf('exact', [signal]);
  return { ...known, signals: [...known.signals, ...(match?.signals ?? [])] };
}
