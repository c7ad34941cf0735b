import fc from 'fast-check';
import type {
  DirectContact,
  DirectOpportunity,
  EvidenceSnapshot,
  MatchBand,
  Purchase,
  Relation,
  RivalClaim,
} from '../../../program/claim.ts';
import { NO_FACTS } from '../../../program/claim.ts';
import { RULE_IDS, type RuleId } from '../../../program/rules/catalogue.ts';
import { RULES } from '../../../program/rules/registry.ts';
import { OWN_EVIDENCE, type Finding, type Rule } from '../../../program/rules/rule.ts';
import { opportunity, partner, rival, ruleInput } from '../example.ts';
import { purchase } from './purchase-example.ts';

const instant = fc.integer({ min: 0, max: 30 }).map((days) => new Date(Date.UTC(2026, 10, 30) - days * 7 * 24 * 3600 * 1000).toISOString());
const match = fc.constantFrom<MatchBand>('exact', 'probable', 'weak').map((band) => ({ band, signals: ['a signal'], score: 0.9 }));
const lines = fc.subarray(['platform', 'analytics', 'automation'], { minLength: 1 });
const line = fc.constantFrom('platform', 'analytics', null);
const somebody = fc.constantFrom('partner-a', 'SECRET-partner-b', 'SECRET-partner-c');
const relation = fc.constantFrom<Relation>('same', 'parent', 'child', 'sibling');
const secretId = fc.integer({ min: 1, max: 9 }).map((number) => `SECRET-${number}`);

const rivalClaim: fc.Arbitrary<RivalClaim> = fc
  .record({
    registrationId: secretId,
    sequence: fc.integer({ min: 1, max: 200 }),
    partnerId: somebody,
    status: fc.constantFrom('in_review' as const, 'approved' as const, 'expired' as const),
    productLines: lines,
    protectedLines: lines,
    match,
    submittedAt: instant,
    site: fc.constantFrom(null, 'SECRET site'),
    relation,
  })
  .map((changes) => rival({ ...changes, protectedLines: changes.status === 'approved' ? changes.protectedLines : [] }));

const direct: fc.Arbitrary<DirectOpportunity> = fc
  .record({ remoteId: secretId, stageIndex: fc.constantFrom(null, 0, 4), createdAt: instant, lastActivityAt: instant, match, relation })
  .map((changes) => opportunity({ ...changes, stageName: 'SECRET stage', owner: 'SECRET owner' }));

const contact: fc.Arbitrary<DirectContact> = fc.record({
  connection: fc.constant('SECRET-org'),
  accountRemoteId: secretId,
  lastContactAt: instant,
  match,
});

const sale: fc.Arbitrary<Purchase> = fc
  .record({ productLine: line, partnerId: fc.oneof(somebody, fc.constant(null)), boughtAt: instant, match, remoteId: secretId })
  .map(({ remoteId, ...changes }) => purchase({ ...changes, source: { kind: 'opportunity', connection: 'SECRET-org', remoteId } }));

/** Ids are unique, as they are in the store: of two with one id the first is kept. */
const seen: fc.Arbitrary<Partial<EvidenceSnapshot>> = fc.record({
  relatives: fc.uniqueArray(rivalClaim, { maxLength: 4, selector: ({ registrationId }) => registrationId }),
  opportunities: fc.uniqueArray(direct, { maxLength: 4, selector: ({ remoteId }) => remoteId }),
  contacts: fc.uniqueArray(contact, { maxLength: 4, selector: ({ accountRemoteId }) => accountRemoteId }),
  purchases: fc.array(sale, { maxLength: 4 }),
});

/** The rules about customers, deals and direct sales; those about other claims have their own properties. */
const ABOUT_OTHERS = ['C01', 'C02', 'C03', 'C04', 'C16', 'C20', 'C21', 'C22', 'C23', 'C26', 'C27', 'R01'];
const IDS = RULE_IDS.filter((id) => !ABOUT_OTHERS.includes(id.slice(0, 3)));

const CLAIM = { productLines: ['platform', 'analytics'], facts: { ...NO_FACTS, site: 'own site' } };

function examine(id: RuleId, evidence: Partial<EvidenceSnapshot>): Finding {
  return (RULES[id] as Rule).examine(ruleInput(id, { claim: CLAIM, evidence: { partner: partner(), ...evidence } }) as never);
}

describe.each(IDS)('%s', (id) => {
  it('says the same, to the byte, in whatever order its evidence comes', () => {
    fc.assert(
      fc.property(seen, (evidence) => {
        const reversed = Object.fromEntries(
          Object.entries(evidence).map(([key, list]) => [key, [...(list as readonly unknown[])].reverse()]),
        );
        expect(JSON.stringify(examine(id, reversed))).toBe(JSON.stringify(examine(id, evidence)));
      }),
    );
  });

  it('tells a partner nothing of others, nor how many they are', () => {
    fc.assert(
      fc.property(seen, (evidence) => {
        const { partnerMessage, exhibits } = examine(id, evidence);
        const own = exhibits.filter(({ kind }) => OWN_EVIDENCE.has(kind)).map(({ summary }) => summary);
        expect([partnerMessage, ...own].join('\n')).not.toMatch(/SECRET|\b\d+ (registration|partner|opportunit|other)/);
      }),
    );
  });
});
