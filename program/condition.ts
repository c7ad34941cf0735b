import { DateTime } from 'luxon';
import type { ClaimSnapshot, PartnerSnapshot } from './claim.ts';
import { normalizeCountry } from './customer-key.ts';
import type { Program } from './definition/program.ts';
import { compareMoney, convert } from './money.ts';
import type { Money } from './vocabulary.ts';

export type Condition = NonNullable<Program['rules']['order'][number]['when']>;

/** `unknown`: what the condition asks is not known of the claim (no rate, no answer, no quantity). It is never taken for a no. */
export type Holds = 'yes' | 'no' | 'unknown';

type Subject = Pick<ClaimSnapshot, 'kind' | 'productLines' | 'estimatedValue' | 'submittedAt' | 'customer' | 'facts'>;

/** Whether `when` holds for a claim of `partner`: all parts have to. One no decides, however much else is unknown. */
export function holds(when: Condition, program: Program, claim: Subject, partner: PartnerSnapshot): Holds {
  const parts = partsOf(when, program, claim, partner).map(({ held }) => held);
  return parts.includes('no') ? 'no' : parts.includes('unknown') ? 'unknown' : 'yes';
}

/** Why it cannot be told whether `when` holds: what is not known, for people, such as `the claim names no quantity`. */
export function whatIsUnknown(when: Condition, program: Program, claim: Subject, partner: PartnerSnapshot): readonly string[] {
  return partsOf(when, program, claim, partner).flatMap(({ held, unknown }) => (held === 'unknown' ? [unknown()] : []));
}

/** One thing that a condition names. `unknown`: what is to be said where it cannot be told. */
interface Part {
  readonly held: Holds;
  readonly unknown: () => string;
}

function partsOf(when: Condition, program: Program, claim: Subject, partner: PartnerSnapshot): readonly Part[] {
  const country = normalizeCountry(claim.customer.country);
  const known = (held: Holds): Part => ({ held, unknown: () => '' });
  return [
    known(isAmong(when.kinds, claim.kind)),
    known(isAmong(when.types, partner.type)),
    known(isAmong(when.tracks, partner.track)),
    known(isAmong(when.tiers, partner.tier)),
    known(when.productLines === undefined || claim.productLines.some((line) => when.productLines?.includes(line)) ? 'yes' : 'no'),
    {
      held: when.countries !== undefined && country === null ? 'unknown' : isAmong(when.countries, country),
      unknown: () => "the customer's country is not known",
    },
    {
      held: isInRegion(when.regions, program, country),
      unknown: () => (country === null ? "the customer's country is not known" : `the country ${country} lies in no region of the program`),
    },
    { held: hasValue(when.value, program, claim.estimatedValue), unknown: () => missingRate(program, claim.estimatedValue) },
    { held: hasQuantity(when.quantity, claim.facts.quantity), unknown: () => 'the claim names no quantity' },
    known(isSubmittedWithin(when.submitted, program, claim.submittedAt)),
    ...Object.entries(when.answers ?? {}).map(([fact, accepted]): Part => {
      const answer = Object.hasOwn(claim.facts.answers, fact) ? claim.facts.answers[fact] : undefined;
      return {
        held: answer === undefined ? 'unknown' : accepted.includes(answer) ? 'yes' : 'no',
        unknown: () => `the claim does not answer: ${program.intake.find(({ id }) => id === fact)?.label ?? fact}`,
      };
    }),
  ];
}

function missingRate({ routing, rates }: Program, value: Money): string {
  const converted = convert(value, routing.currency, rates);
  return converted.kind === 'no_rate' ? `the program declares no rate for ${converted.currency}` : '';
}

function isAmong(list: readonly string[] | undefined, value: string | null): Holds {
  return list === undefined || (value !== null && list.includes(value)) ? 'yes' : 'no';
}

function isInRegion(regions: readonly string[] | undefined, program: Program, country: string | null): Holds {
  if (regions === undefined) return 'yes';
  const region = country === null ? undefined : program.regions.find(({ countries }) => countries.includes(country));
  return region === undefined ? 'unknown' : regions.includes(region.id) ? 'yes' : 'no';
}

function hasValue(range: Condition['value'], { routing, rates }: Program, value: Money): Holds {
  if (range === undefined) return 'yes';
  const converted = convert(value, routing.currency, rates);
  if (converted.kind === 'no_rate') return 'unknown';
  return isWithin(range, (edge) => compareMoney(converted.money, { amount: edge, currency: routing.currency }));
}

function hasQuantity(range: Condition['quantity'], quantity: number | null): Holds {
  if (range === undefined) return 'yes';
  return quantity === null ? 'unknown' : isWithin(range, (edge) => quantity - edge);
}

interface Range<T> {
  readonly from?: T | undefined;
  readonly above?: T | undefined;
  readonly upTo?: T | undefined;
  readonly below?: T | undefined;
}

/** `compare` is negative where the value is under the edge. */
function isWithin<T>({ from, above, upTo, below }: Range<T>, compare: (edge: T) => number): Holds {
  const isInside =
    (from === undefined || compare(from) >= 0) &&
    (above === undefined || compare(above) > 0) &&
    (upTo === undefined || compare(upTo) <= 0) &&
    (below === undefined || compare(below) < 0);
  return isInside ? 'yes' : 'no';
}

function isSubmittedWithin(dates: Condition['submitted'], program: Program, submittedAt: string): Holds {
  if (dates === undefined) return 'yes';
  const zone = program.calendars.find(({ id }) => id === program.defaultCalendar)?.timeZone ?? 'utc';
  const date = DateTime.fromISO(submittedAt, { zone }).toISODate() ?? '';
  return (dates.from === undefined || date >= dates.from) && (dates.before === undefined || date < dates.before) ? 'yes' : 'no';
}
