import type { Money } from '../../program/vocabulary.ts';
import type { StatedCustomer } from './restatement.ts';
import type { Customer } from './customer.ts';
import { drawPerson, emailOf, freeMailOf } from './person.ts';
import { kindsOf, type SamplePartner, type SampleKind } from './partner.ts';
import type { Random } from './random.ts';
import type { Label } from './stream.ts';

export const PRODUCT_LINES = ['platform', 'analytics', 'automation'] as const;

/** The body of `POST /v1/registrations`; the expected close is counted from the day it is played. */
export interface SampleRegistration {
  readonly externalId: string;
  readonly partnerId: string;
  readonly customer: StatedCustomer;
  readonly contact: { readonly name: string; readonly email: string };
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly expectedCloseInDays: number;
  readonly description: string;
  readonly kind: SampleKind;
}

export interface LabelledRegistration {
  readonly registration: SampleRegistration;
  readonly label: Label;
  readonly truth: { readonly expectedOutcome: 'approved' | 'denied' | 'in_review'; readonly rivalExternalId?: string };
}

export const EXPECTED_OUTCOMES: Readonly<Record<Label, LabelledRegistration['truth']['expectedOutcome']>> = {
  clean_auto: 'approved',
  clean_review: 'in_review',
  duplicate_same_partner: 'denied',
  conflict_active: 'denied',
  conflict_probable: 'in_review',
  direct_early: 'in_review',
  direct_late_active: 'denied',
  direct_stale: 'approved',
  ineligible: 'denied',
  below_minimum: 'denied',
};

/** Everything of a registration that its label fixes; the rest is drawn. */
export interface RegistrationOutline {
  readonly externalId: string;
  readonly partner: SamplePartner;
  readonly customer: Customer;
  readonly stated: StatedCustomer;
  readonly productLines: readonly string[];
  readonly estimatedValue: Money;
  readonly kind: SampleKind;
}

/** Draws contact, close and description around what the label fixes. */
export function drawRegistration(random: Random, outline: RegistrationOutline): SampleRegistration {
  const { externalId, partner, customer, stated, productLines, estimatedValue, kind } = outline;
  const person = drawPerson(random, customer.market.flavour);
  return {
    externalId,
    partnerId: partner.externalId,
    customer: stated,
    contact: {
      name: `${person.first} ${person.last}`,
      email: stated.domain === 'gmail.com' ? freeMailOf(person) : emailOf(person, customer.domain),
    },
    productLines,
    estimatedValue,
    expectedCloseInDays: random.integer(21, 180),
    description: describe(random, kind, productLines),
    kind,
  };
}

/** One line mostly, sometimes two or all three, in the program's order. */
export function drawLines(random: Random, from: readonly string[] = PRODUCT_LINES): readonly string[] {
  const count = Math.min(from.length, random.pickWeighted([[1, 60] as const, [2, 30] as const, [3, 10] as const]));
  const chosen = new Set(random.shuffle(from).slice(0, count));
  return from.filter((line) => chosen.has(line));
}

/** A kind that the partner may register; the partner must have a track. */
export function drawKind(random: Random, partner: SamplePartner): SampleKind {
  const usual: Readonly<Record<SampleKind, number>> = { resale: 75, co_sell: 15, renewal: 10, referral: 1 };
  return random.pickWeighted(kindsOf(partner.track).map((kind) => [kind, usual[kind]] as const));
}

const OPENERS: Readonly<Record<SampleKind, readonly string[]>> = {
  resale: [
    'Met the operations lead and scoped a first phase of',
    'The customer asked us for an offer on',
    'Workshop held on site; budget is set aside for',
  ],
  co_sell: [
    'Joint customer of our integration, now looking at',
    'Our consultants run the project that needs',
    'Architecture review done together; next step is',
  ],
  renewal: ['Contract ends this year and the customer wants to keep and extend', 'Renewal with growth: more users for'],
  referral: ['Introduced by their finance director, who is interested in', 'Long-standing client of ours is looking for'],
};

const CLOSERS = [
  'A decision is expected after the budget round.',
  'Two other vendors were looked at.',
  'Replaces spreadsheets in three departments.',
  'Go-live is planned for the next quarter.',
  'The customer asked for references from its industry.',
] as const;

function describe(random: Random, kind: SampleKind, lines: readonly string[]): string {
  return `${random.pick(OPENERS[kind])} ${lines.join(' and ')}. ${random.pick(CLOSERS)}`;
}
