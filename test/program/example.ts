import { readFileSync } from 'node:fs';
import type {
  ClaimSnapshot,
  CustomerDetails,
  CustomerMatch,
  DirectOpportunity,
  EvidenceSnapshot,
  PartnerSnapshot,
  RivalClaim,
} from '../../program/claim.ts';
import { parseProgram } from '../../program/definition/parse.ts';
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

export const EXACT: CustomerMatch = { band: 'exact', signals: ['same registrable domain northwind.example'] };
export const PROBABLE: CustomerMatch = { band: 'probable', signals: ['same name "northwind" and country US; a domain is missing'] };
export const WEAK: CustomerMatch = { band: 'weak', signals: ['similar names (61 %)'] };

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
    ...changes,
  };
}

export function partner(changes: Partial<PartnerSnapshot> = {}): PartnerSnapshot {
  return {
    partnerId: 'partner-a',
    name: 'Aster Consulting',
    domain: 'aster.example',
    country: 'US',
    type: 'reseller',
    track: 'solution',
    tier: 'gold',
    status: 'active',
    manager: null,
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
    ...changes,
  };
}

export function evidence(changes: Partial<EvidenceSnapshot> = {}): EvidenceSnapshot {
  return { takenAt: TAKEN_AT, partner: partner(), rivals: [], opportunities: [], settled: [], ...changes };
}

/** Weekdays 9 to 17 in New York, closed on Thanksgiving and Christmas. */
export const OFFICE: WorkingCalendar = {
  timeZone: 'America/New_York',
  workingDays: [1, 2, 3, 4, 5],
  startTime: '09:00',
  endTime: '17:00',
  holidays: ['2026-11-26', '2026-12-25'],
};
