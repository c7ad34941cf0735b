import { readFileSync } from 'node:fs';
import {
  NO_CONVERSION,
  NO_FACTS,
  NO_RECORD,
  type ClaimSnapshot,
  type CustomerDetails,
  type CustomerMatch,
  type DirectOpportunity,
  type EvidenceSnapshot,
  type PartnerSnapshot,
  type RivalClaim,
} from '../../program/claim.ts';
import { parseProgram } from '../../program/definition/parse.ts';
import { RULE_PARAMETERS, type RuleParameters } from '../../program/definition/rule-parameter.ts';
import type { RuleOutcome } from '../../program/definition/conflict-rule.ts';
import type { RuleId, Situation } from '../../program/rules/catalogue.ts';
import type { RuleInput } from '../../program/rules/rule.ts';
import type { Program } from '../../program/definition/program.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';

/** The sample program and one ordinary claim, from which tests say only what differs. */

export const ACME_YAML = readFileSync('programs/acme.yaml', 'utf8');

export function parseOrThrow(yamlText: string): Program {
  const parsed = parseProgram(yamlText, 'programs/acme.yaml');
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return parsed.program;
}

export const ACME = parseOrThrow(ACME_YAML);

/** Acme's program with one passage of its text replaced; the passage has to be there. */
export function acmeWith(passage: string, replacement: string): string {
  if (!ACME_YAML.includes(passage)) throw new Error(`programs/acme.yaml does not contain: ${passage}`);
  return ACME_YAML.replace(passage, replacement);
}

export const SUBMITTED_AT = '2026-11-23T15:00:00.000Z';
export const TAKEN_AT = '2026-11-23T15:00:05.000Z';

export const EXACT: CustomerMatch = { band: 'exact', signals: ['same registrable domain northwind.example'], score: 1 };
export const PROBABLE: CustomerMatch = {
  band: 'probable',
  signals: ['same name "northwind" and country US; a domain is missing'],
  score: 0.9,
};
export const WEAK: CustomerMatch = { band: 'weak', signals: ['similar names (61 %)'], score: 0.61 };

export function customer(changes: Partial<CustomerDetails> = {}): CustomerDetails {
  return { name: 'Northwind Inc', domain: 'northwind.example', country: 'US', postalCode: null, companyNumber: null, ...changes };
}

export function claim(changes: Partial<ClaimSnapshot> = {}): ClaimSnapshot {
  return {
    registrationId: 'reg-100',
    sequence: 100,
    kind: 'resale',
    customer: customer(),
    productLines: ['platform'],
    estimatedValue: { amount: '20000.00', currency: 'USD' },
    expectedCloseDate: '2027-03-31',
    submittedAt: SUBMITTED_AT,
    facts: NO_FACTS,
    ...changes,
  };
}

export function partner(changes: Partial<PartnerSnapshot> = {}): PartnerSnapshot {
  return {
    partnerId: 'partner-a',
    externalId: 'aster',
    name: 'Aster Consulting',
    domain: 'aster.example',
    country: 'US',
    type: 'reseller',
    track: 'solution',
    tier: 'gold',
    status: 'active',
    manager: null,
    regions: [],
    companyNumber: null,
    ...changes,
  };
}

/** An undecided earlier claim of another partner, unless said otherwise. */
export function rival(changes: Partial<RivalClaim> = {}): RivalClaim {
  return {
    registrationId: 'reg-50',
    sequence: 50,
    partnerId: 'partner-b',
    status: 'in_review',
    productLines: ['platform'],
    protectedLines: [],
    match: EXACT,
    kind: 'resale',
    submittedAt: '2026-11-20T15:00:00.000Z',
    endedAt: null,
    site: null,
    proofs: [],
    relation: 'same',
    ...changes,
  };
}

/** An approved claim of another partner that is protected on its lines. */
export function holder(changes: Partial<RivalClaim> = {}): RivalClaim {
  return rival({ status: 'approved', protectedLines: ['platform'], ...changes });
}

/** An opportunity in the first stage, touched a day ago, created before the claim. */
export function opportunity(changes: Partial<DirectOpportunity> = {}): DirectOpportunity {
  return {
    connection: 'salesforce',
    remoteId: '006000000000001AAA',
    accountRemoteId: '001000000000001AAA',
    stageIndex: 0,
    stageName: 'Prospecting',
    isClosed: false,
    owner: 'rep',
    createdAt: '2026-01-10T09:00:00.000Z',
    lastActivityAt: '2026-11-22T15:00:00.000Z',
    match: EXACT,
    relation: 'same',
    ...changes,
  };
}

export function evidence(changes: Partial<EvidenceSnapshot> = {}): EvidenceSnapshot {
  return {
    takenAt: TAKEN_AT,
    partner: partner(),
    rivals: [],
    relatives: [],
    opportunities: [],
    contacts: [],
    purchases: [],
    record: NO_RECORD,
    approved: null,
    settled: [],
    conversion: NO_CONVERSION,
    ...changes,
  };
}

/** Weekdays 9 to 17 in New York, closed on Thanksgiving and Christmas. */
export const OFFICE: WorkingCalendar = {
  timeZone: 'America/New_York',
  workingDays: [1, 2, 3, 4, 5],
  startTime: '09:00',
  endTime: '17:00',
  holidays: ['2026-11-26', '2026-12-25'],
};

/** What a rule is given: the ordinary claim, and the parameters that the program's author did not change. */
export function ruleInput<Id extends RuleId>(
  id: Id,
  changes: {
    readonly program?: Program;
    readonly claim?: Partial<ClaimSnapshot>;
    readonly evidence?: Partial<EvidenceSnapshot>;
    readonly with?: Readonly<Record<string, unknown>>;
  } = {},
): RuleInput<Id> {
  return {
    program: changes.program ?? ACME,
    claim: claim(changes.claim),
    evidence: evidence(changes.evidence),
    parameters: RULE_PARAMETERS[id].parse(changes.with ?? {}) as RuleParameters<Id>,
  };
}

type RuleRow = Program['rules']['order'][number];

/** A row of a program's rules; parameters that are not given have their defaults. */
export function ruleRow<Id extends RuleId>(
  id: Id,
  on: Partial<Record<Situation<Id>, RuleOutcome>>,
  more: { readonly with?: Readonly<Record<string, unknown>>; readonly when?: RuleRow['when'] } = {},
): RuleRow {
  const parameters: unknown = RULE_PARAMETERS[id].parse(more.with ?? {});
  const row = { id, with: parameters as RuleRow['with'], on: on as RuleRow['on'] };
  return more.when === undefined ? row : { ...row, when: more.when };
}

type Review = Extract<RuleOutcome, { outcome: 'review' }>;

/** A case for `decider`, and for those whom the program names after it. */
export function reviewBy(decider: string, then: Review['then'] = [], more: Partial<Review> = {}): Review {
  // oxlint-disable-next-line unicorn/no-thenable -- the definition's word for the steps that follow; a list is never awaited
  return { outcome: 'review', decider, then, ...more };
}

/** Acme's program with these rules alone. */
export function acmeRules(
  order: readonly RuleRow[],
  changes: Partial<Program> = {},
  hitPolicy: Program['rules']['hitPolicy'] = 'first',
): Program {
  return { ...ACME, ...changes, rules: { hitPolicy, order } };
}
