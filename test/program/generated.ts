import fc from 'fast-check';
import type {
  ClaimSnapshot,
  CustomerMatch,
  DirectContact,
  DirectOpportunity,
  EvidenceSnapshot,
  Proof,
  Purchase,
  RivalClaim,
} from '../../program/claim.ts';
import { PRECEDENCE, type RuleOutcome } from '../../program/definition/conflict-rule.ts';
import type { Program } from '../../program/definition/program.ts';
import { RULE_CATALOGUE, RULE_IDS, type RuleId } from '../../program/rules/catalogue.ts';
import { REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import {
  ACME,
  EXACT,
  PROBABLE,
  WEAK,
  acmeRules,
  claim,
  customer,
  evidence,
  opportunity,
  partner,
  reviewBy,
  rival,
  ruleRow,
} from './example.ts';

/** Programs, claims and evidence of every kind, for what has to hold whatever is declared and whatever is known. */

const NOW_MS = Date.parse('2026-11-23T15:00:00.000Z');
const MINUTE_MS = 60_000;
const LINES = ['platform', 'analytics', 'automation'] as const;
const KINDS = ['resale', 'referral', 'renewal'] as const;

/** Instants within a few minutes of now and within a few hundred days, so that edges and gaps are met. */
const instant = fc
  .oneof(fc.integer({ min: -15, max: 15 }), fc.integer({ min: -400 * 1440, max: 0 }))
  .map((minutes) => new Date(NOW_MS + minutes * MINUTE_MS).toISOString());
const lines = fc.uniqueArray(fc.constantFrom(...LINES), { minLength: 1 });
const proofs = fc.array(
  fc.record<Proof>({ kind: fc.constantFrom('customer_letter', 'meeting', 'email'), date: fc.constantFrom(null, '2026-11-01') }),
  { maxLength: 3 },
);
/** What a match says of the other side is for insiders alone. */
const match = fc.constantFrom<CustomerMatch>(...[EXACT, PROBABLE, WEAK].map((one) => ({ ...one, signals: ['secret signal'] })));
const relation = fc.constantFrom('same', 'parent', 'child', 'sibling');
const site = fc.constantFrom(null, 'north', 'south');

/**
 * Claims of others and of the partner itself. `at` makes ids and sequences that differ; they hold the word `secret` where they are
 * another's.
 */
function generatedRival(at: number, relations: fc.Arbitrary<RivalClaim['relation']>): fc.Arbitrary<RivalClaim> {
  return fc
    .record({
      isOwn: fc.boolean(),
      earlier: fc.boolean(),
      status: fc.constantFrom(...REGISTRATION_STATUSES),
      productLines: lines,
      isProtected: fc.boolean(),
      match,
      kind: fc.constantFrom(...KINDS),
      submittedAt: instant,
      endedAt: instant,
      site,
      proofs,
      relation: relations,
    })
    .map(({ isOwn, earlier, isProtected, endedAt, ...drawn }) =>
      rival({
        ...drawn,
        registrationId: isOwn ? `own-${at}` : `reg-secret-${at}`,
        partnerId: isOwn ? 'partner-a' : `partner-secret-${at}`,
        sequence: earlier ? 10 + at : 200 + at,
        protectedLines: drawn.status === 'approved' && isProtected ? drawn.productLines : [],
        endedAt: ['submitted', 'in_review', 'returned', 'approved'].includes(drawn.status) ? null : endedAt,
      }),
    );
}

function several<T>(most: number, one: (at: number) => fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.integer({ min: 0, max: most }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, at) => one(at))));
}

function generatedOpportunity(at: number): fc.Arbitrary<DirectOpportunity> {
  return fc
    .record({
      stageIndex: fc.constantFrom(null, 0, 2, 3, 5),
      createdAt: instant,
      lastActivityAt: instant,
      isClosed: fc.boolean(),
      match,
      relation,
    })
    .map((drawn) =>
      opportunity({ ...drawn, remoteId: `006secret${at}`, accountRemoteId: `001secret${at}`, stageName: 'Secret', owner: 'rep-secret' }),
    );
}

function generatedContact(at: number): fc.Arbitrary<DirectContact> {
  return fc.record({
    connection: fc.constant('salesforce'),
    accountRemoteId: fc.constant(`001secret${at}`),
    lastContactAt: instant,
    match,
  });
}

function generatedPurchase(at: number): fc.Arbitrary<Purchase> {
  return fc.record({
    source: fc.constantFrom<Purchase['source']>(
      { kind: 'registration', registrationId: `reg-secret-${100 + at}` },
      { kind: 'opportunity', connection: 'salesforce', remoteId: `006secret${100 + at}` },
    ),
    productLine: fc.constantFrom(null, ...LINES),
    partnerId: fc.constantFrom(null, 'partner-a', 'partner-secret-9'),
    boughtAt: instant,
    match,
  });
}

export const generatedClaim: fc.Arbitrary<ClaimSnapshot> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    productLines: lines,
    proofs,
    site,
    quantity: fc.constantFrom(null, 10, 5000),
    marketplace: fc.constantFrom(null, 'aws'),
    amount: fc.constantFrom('1.00', '20000.00', '900000.00'),
    currency: fc.constantFrom('USD', 'ISK'),
    country: fc.constantFrom('US', 'DE', ''),
    domain: fc.constantFrom(null, 'northwind.example', 'aster.example'),
  })
  .map(({ kind, productLines, amount, currency, country, domain, ...facts }) =>
    claim({
      kind,
      productLines,
      estimatedValue: { amount, currency },
      customer: customer({ country, domain }),
      facts: { ...claim().facts, ...facts },
    }),
  );

export const generatedEvidence: fc.Arbitrary<EvidenceSnapshot> = fc
  .record({
    rivals: several(4, (at) => generatedRival(at, fc.constant('same'))),
    relatives: several(2, (at) => generatedRival(50 + at, fc.constantFrom('parent', 'child', 'sibling'))),
    opportunities: several(3, generatedOpportunity),
    contacts: several(2, generatedContact),
    purchases: several(3, generatedPurchase),
    status: fc.constantFrom('active', 'active', 'suspended'),
    undecided: fc.integer({ min: 0, max: 5 }),
    decidedLastYear: fc.integer({ min: 0, max: 20 }),
    isApproved: fc.boolean(),
    movedTo: fc.constantFrom('20000.00', '100000.00'),
  })
  .map(({ status, undecided, decidedLastYear, isApproved, movedTo, ...drawn }) =>
    evidence({
      ...drawn,
      partner: partner({ status: status as 'active' | 'suspended' }),
      record: { undecided, active: 1, receivedLast30Days: undecided, decidedLastYear, wonLastYear: Math.min(2, decidedLastYear) },
      approved: isApproved
        ? {
            approvedAt: '2026-11-01T00:00:00.000Z',
            until: '2027-01-30T00:00:00.000Z',
            partnerId: 'partner-a',
            customer: customer(),
            productLines: ['platform'],
            estimatedValue: { amount: movedTo, currency: 'USD' },
          }
        : null,
    }),
  );

const OUTCOMES: readonly RuleOutcome[] = [
  { outcome: 'note' },
  { outcome: 'note' },
  { outcome: 'deny', waitlist: true, offer: 'A co-sell is possible.' },
  reviewBy('director'),
  { outcome: 'wait' },
  { outcome: 'needs_ruling', decider: 'vp' },
  { outcome: 'return', ask: 'Add what is missing.' },
  { outcome: 'approve' },
  { outcome: 'free_lines', waitlist: true },
];

/** Parameters that switch on what a rule does not look at by itself. */
const PARAMETERS: Partial<Record<RuleId, Readonly<Record<string, unknown>>>> = {
  C19_below_minimum: { maximum: { amount: '500000.00', currency: 'USD' }, minimumQuantity: 100 },
  C20_speculative: { leastProofs: 1, mostStanding: 4, mostIn30Days: 4, leastWonPercent: '20' },
  C21_expired_then_refiled: { coolingOff: '10 days' },
};

function generatedRow(id: RuleId): fc.Arbitrary<Program['rules']['order'][number]> {
  const { situations }: { readonly situations: readonly string[] } = RULE_CATALOGUE[id];
  const bare = ruleRow(id, {}, { with: PARAMETERS[id] ?? {} });
  const when = fc.constantFrom(undefined, undefined, { value: { upTo: '50000.00' } });
  return fc.tuple(when, ...situations.map(() => fc.constantFrom(...OUTCOMES))).map(([applies, ...outcomes]) => {
    const on = Object.fromEntries(situations.map((situation, at) => [situation, outcomes[at] as RuleOutcome]));
    return applies === undefined ? { ...bare, on } : { ...bare, on, when: applies };
  });
}

/** Read once: programs are drawn often. */
const ROWS = RULE_IDS.map(generatedRow);

/** Programs that name every rule once, in any order, with any outcome. */
export const generatedProgram: fc.Arbitrary<Program> = fc
  .record({
    rows: fc.tuple(...ROWS),
    places: fc.shuffledSubarray([...RULE_IDS.keys()], { minLength: RULE_IDS.length }),
    precedence: fc.shuffledSubarray([...PRECEDENCE], { minLength: 1 }),
    hitPolicy: fc.constantFrom('first' as const, 'strictest' as const),
    receipt: fc.constantFrom('renewed' as const, 'kept' as const),
    isSplit: fc.boolean(),
  })
  .map(({ rows, places, precedence, hitPolicy, receipt, isSplit }) =>
    acmeRules(
      places.flatMap((place) => rows[place] ?? []),
      {
        precedence,
        returned: { ...ACME.returned, receipt },
        requiredFacts: ['postal_code'],
        splits: isSplit ? [{ id: 'found_and_sold', label: 'Found and sold', shares: { referral: '20', resale: '80' } }] : [],
      },
      hitPolicy,
    ),
  );
