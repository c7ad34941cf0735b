import { compareMoney } from '../money.ts';
import type { Instant } from '../vocabulary.ts';
import type { Question, QuestionKind } from './question.ts';

/** To which questions an absence applies: to those of these kinds and regions, up to this value. Empty and null take all. */
export interface AbsenceScope {
  readonly kinds: readonly QuestionKind[];
  readonly regions: readonly string[];
  /** A decimal in the currency of the routing. */
  readonly upTo: string | null;
}

/** When somebody does not answer, half-open, and who does instead; without a delegate it is the deputy that the program names, if any. */
export interface Absence {
  readonly from: Instant;
  readonly until: Instant;
  readonly delegate: string | null;
  readonly scope: AbsenceScope;
}

/** What is known of the people when somebody is looked for. Whom it does not mention is there and free. */
export interface Staff {
  /** Who has a stake in what is asked, by alias, with the reason. Nobody decides in their place either. */
  readonly conflicted: ReadonlyMap<string, string>;
  /** Whom every CRM that knows them has deactivated. */
  readonly inactive: ReadonlySet<string>;
  /** By alias; those that are over may be left out. */
  readonly absences: ReadonlyMap<string, readonly Absence[]>;
}

/** The absence that keeps `alias` from answering `question` at `at`; null when nothing does. At the instant of its end the person is back. */
export function absenceAt({ absences }: Staff, alias: string, question: Question, at: Instant): Absence | null {
  const now = Date.parse(at);
  const covers = ({ from, until, scope }: Absence): boolean =>
    Date.parse(from) <= now && now < Date.parse(until) && isWithin(scope, question);
  return absences.get(alias)?.find(covers) ?? null;
}

/** When the next absence of `alias` begins that would keep the person from `question`; null where none is known. */
export function nextAbsence({ absences }: Staff, alias: string, question: Question, at: Instant): Instant | null {
  const begins = (absences.get(alias) ?? []).filter(({ from, scope }) => Date.parse(from) > Date.parse(at) && isWithin(scope, question));
  return begins.map(({ from }) => from).toSorted((left, right) => Date.parse(left) - Date.parse(right))[0] ?? null;
}

/** When the first of those who are away from `question` at `at` is back; null where nobody is away. */
export function firstReturn({ absences }: Staff, question: Question, at: Instant): Instant | null {
  const now = Date.parse(at);
  const running = [...absences.values()].flat().filter(({ from, until, scope }) => {
    return Date.parse(from) <= now && now < Date.parse(until) && isWithin(scope, question);
  });
  return running.map(({ until }) => until).toSorted((left, right) => Date.parse(left) - Date.parse(right))[0] ?? null;
}

/** A value that is not known is not known to be small: it is outside of a scope that has a limit. */
function isWithin({ kinds, regions, upTo }: AbsenceScope, { kind, region, value }: Question): boolean {
  return (
    (kinds.length === 0 || kinds.includes(kind)) &&
    (regions.length === 0 || (region !== null && regions.includes(region))) &&
    (upTo === null || (value !== null && compareMoney(value, { amount: upTo, currency: value.currency }) <= 0))
  );
}
