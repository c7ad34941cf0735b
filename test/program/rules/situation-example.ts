import { NO_FACTS, NO_RECORD, type ClaimFacts, type ClaimSnapshot, type EvidenceSnapshot } from '../../../program/claim.ts';
import type { Program } from '../../../program/definition/program.ts';
import type { RuleId, Situation } from '../../../program/rules/catalogue.ts';
import { PROBABLE, SUBMITTED_AT, TAKEN_AT, customer, holder, opportunity, partner, rival } from '../example.ts';
import { purchase } from './purchase-example.ts';

/** What makes a rule find a situation, in the program of the rule's example in the guide. */
export interface SituationExample {
  readonly claim?: Partial<ClaimSnapshot>;
  readonly evidence?: Partial<EvidenceSnapshot>;
  readonly program?: Partial<Program>;
}

const facts = (changes: Partial<ClaimFacts>): Partial<ClaimSnapshot> => ({ facts: { ...NO_FACTS, ...changes } });
const letter = facts({ proofs: [{ kind: 'customer_letter', date: null }] });
const meeting = facts({ proofs: [{ kind: 'meeting', date: '2026-11-20' }] });
const contact = { connection: 'salesforce', accountRemoteId: '001-a', lastContactAt: '2026-11-20T15:00:00.000Z', match: purchase().match };
const OWN = 'partner-a';
const renewal = (amount: string, current: string | null): Partial<ClaimSnapshot> => ({
  kind: 'renewal',
  estimatedValue: { amount, currency: 'USD' },
  ...facts({ currentContract: current === null ? null : { value: { amount: current, currency: 'USD' }, endsOn: null } }),
});
const approved = {
  approvedAt: '2026-11-20T15:00:00.000Z',
  partnerId: OWN,
  customer: customer(),
  productLines: ['platform'],
  estimatedValue: { amount: '20000.00', currency: 'USD' },
  until: '2027-02-18T15:00:00.000Z',
};
const ended = rival({
  partnerId: OWN,
  status: 'expired',
  endedAt: '2026-10-01T15:00:00.000Z',
  submittedAt: '2026-06-01T15:00:00.000Z',
  sequence: 10,
});
const late = { stageIndex: 4 };
const stale = { stageIndex: 4, lastActivityAt: '2026-01-10T09:00:00.000Z' };

export const SITUATION_EXAMPLES: { readonly [Id in RuleId]: Readonly<Record<Situation<Id>, SituationExample>> } = {
  R01_incomplete: { missing: {} },
  R02_special_case: { applies: { claim: { kind: 'referral', productLines: ['automation'] } } },
  C01_duplicate_same_partner: { exact: { evidence: { rivals: [rival({ partnerId: OWN })] } } },
  C02_active_protection: {
    exact: { evidence: { rivals: [holder()] } },
    probable: { evidence: { rivals: [holder({ match: PROBABLE })] } },
  },
  C03_competing_pending: {
    exact: { evidence: { rivals: [rival()] } },
    probable: { evidence: { rivals: [rival({ match: PROBABLE })] } },
  },
  C04_near_simultaneous: { tie: { evidence: { rivals: [rival({ submittedAt: '2026-11-23T14:55:00.000Z' })] } } },
  C05_direct_early_stage: {
    exact: { evidence: { opportunities: [opportunity()] } },
    probable: { evidence: { opportunities: [opportunity({ match: PROBABLE })] } },
  },
  C06_direct_late_active: {
    exact: { evidence: { opportunities: [opportunity(late)] } },
    probable: { evidence: { opportunities: [opportunity({ ...late, match: PROBABLE })] } },
  },
  C07_direct_stale: {
    exact: { evidence: { opportunities: [opportunity(stale)] } },
    probable: { evidence: { opportunities: [opportunity({ ...stale, match: PROBABLE })] } },
  },
  C08_direct_contact: {
    exact: { evidence: { contacts: [contact] } },
    probable: { evidence: { contacts: [{ ...contact, match: PROBABLE }] } },
    after_receipt: { evidence: { contacts: [{ ...contact, lastContactAt: TAKEN_AT }] } },
  },
  C09_existing_customer: {
    same_product: { evidence: { purchases: [purchase()] } },
    unknown_product: { evidence: { purchases: [purchase({ productLine: null })] } },
    probable: { evidence: { purchases: [purchase({ match: PROBABLE })] } },
  },
  C10_flat_renewal: {
    flat: { claim: renewal('20000.00', '20000.00') },
    unknown: { claim: renewal('20000.00', null) },
  },
  C11_renewal_with_growth: {
    growth: { claim: renewal('22000.00', '20000.00') },
    unknown: { claim: renewal('20000.00', null) },
  },
  C12_incumbent_displaced: {
    displaced: { claim: { kind: 'renewal' }, evidence: { purchases: [purchase({ partnerId: 'partner-b' })] } },
    letter: { claim: { kind: 'renewal', ...letter }, evidence: { purchases: [purchase({ partnerId: 'partner-b' })] } },
    probable: { claim: { kind: 'renewal' }, evidence: { purchases: [purchase({ partnerId: 'partner-b', productLine: null })] } },
  },
  C13_listed_account: {
    named: { claim: { customer: customer({ domain: 'contoso.de' }) } },
    house: {
      claim: { customer: customer({ country: 'DE', companyNumber: 'HRB 123456' }) },
      evidence: { partner: partner({ externalId: 'birch' }) },
    },
    direct_only: { program: { accounts: [listed('direct_only', ['northwind.example'])] } },
    probable: { claim: { customer: customer({ name: 'Contoso Inc', domain: null }) } },
  },
  C14_outside_region: {
    outside: { claim: { customer: customer({ country: 'DE' }) } },
    unknown: { claim: { customer: customer({ country: 'JP' }) } },
  },
  C15_parent_or_child: {
    registered: { evidence: { relatives: [holder({ relation: 'parent' })] } },
    direct: { evidence: { opportunities: [opportunity({ relation: 'child' })] } },
  },
  C16_lines_disjoint: {
    exact: { evidence: { rivals: [rival({ productLines: ['analytics'] })] } },
    probable: { evidence: { rivals: [rival({ productLines: ['analytics'], match: PROBABLE })] } },
  },
  C17_public_tender: {
    after_publication: { claim: facts({ tender: { reference: 'N-1', publishedOn: '2026-11-22' } }) },
    same_day: { claim: facts({ tender: { reference: 'N-1', publishedOn: '2026-11-23' } }) },
    before_publication: { claim: facts({ tender: { reference: 'N-1', publishedOn: '2026-11-24' } }) },
  },
  C18_partner_not_eligible: {
    status: { evidence: { partner: partner({ status: 'suspended' }) } },
    kind: { claim: { kind: 'referral' } },
  },
  C19_below_minimum: {
    below: { claim: { estimatedValue: { amount: '4999.99', currency: 'USD' } } },
    above: { claim: { estimatedValue: { amount: '1000000.01', currency: 'USD' }, ...facts({ quantity: 100 }) } },
    below_quantity: { claim: facts({ quantity: 99 }) },
    unknown_quantity: {},
    unknown_value: {
      claim: { estimatedValue: { amount: '9000.00', currency: 'UAH' }, ...facts({ quantity: 100 }) },
      program: {
        routing: {
          currency: 'USD',
          minimum: { amount: '5000.00', currency: 'USD' },
          hitPolicy: 'first',
          rows: [{ when: {}, steps: [] }],
          otherwise: 'director',
          immaterialPercent: '0',
        },
      },
    },
  },
  C20_speculative: {
    no_proof: {},
    capacity: { claim: meeting, evidence: { record: { ...NO_RECORD, undecided: 20, active: 5 } } },
    mass_filing: { claim: meeting, evidence: { record: { ...NO_RECORD, receivedLast30Days: 40 } } },
    low_conversion: { claim: meeting, evidence: { record: { ...NO_RECORD, decidedLastYear: 100, wonLastYear: 4 } } },
  },
  C21_expired_then_refiled: {
    rival_in_gap: { evidence: { rivals: [ended, rival({ submittedAt: '2026-10-20T15:00:00.000Z' })] } },
    too_soon: { evidence: { rivals: [{ ...ended, endedAt: '2026-11-20T15:00:00.000Z' }] } },
  },
  C22_customer_choice: { letter: { claim: letter, evidence: { rivals: [holder()] } } },
  C23_multi_partner: { other_role: { evidence: { rivals: [rival({ kind: 'referral' })] } } },
  C24_distributor_mismatch: {
    no_distributor: { evidence: { partner: partner({ tier: 'silver' }) } },
    other_reseller: { claim: facts({ quotedPartner: 'birch' }), evidence: { partner: partner({ tier: 'silver' }) } },
  },
  C25_marketplace: { marketplace: { claim: facts({ marketplace: 'aws' }) } },
  C26_drift: {
    amount: { claim: { estimatedValue: { amount: '25000.01', currency: 'USD' } }, evidence: { approved } },
    product_lines: { claim: { productLines: ['platform', 'analytics'] }, evidence: { approved } },
    customer: { claim: { customer: customer({ domain: 'fabrikam.example' }) }, evidence: { approved } },
    partner: { evidence: { approved: { ...approved, partnerId: 'partner-b' } } },
  },
  C27_bypass: {
    direct_opportunity: { evidence: { approved, opportunities: [opportunity({ createdAt: SUBMITTED_AT, lastActivityAt: SUBMITTED_AT })] } },
  },
  C28_self_dealing: {
    own_domain: { claim: { customer: customer({ domain: 'aster.example' }) } },
    own_company_number: {
      claim: { customer: customer({ companyNumber: '12345678' }) },
      evidence: { partner: partner({ companyNumber: '12345678' }) },
    },
    probable: { claim: { customer: customer({ name: 'Aster Consulting' }) } },
  },
};

function listed(kind: 'direct_only', domains: readonly string[]): Program['accounts'][number] {
  return {
    kind,
    name: 'Listed',
    domains,
    companyNumber: undefined,
    country: undefined,
    from: '2026-01-01',
    until: null,
    reservedFor: null,
  };
}
