import { previewClaim } from '../../../activities/decision/preview-claim.ts';
import type { RuleOutcome } from '../../../program/definition/conflict-rule.ts';
import { acmeRules, claim, ruleRow } from '../../program/example.ts';
import { createDecisionStage, emptyStore, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

/** The preview of an ordinary claim under acme's program that only says `outcome` of it. */
async function previewUnder(outcome: RuleOutcome) {
  const program = acmeRules([ruleRow('R02_special_case', { applies: outcome }, { when: { kinds: ['resale'] } })]);
  const partnerId = await stage.addPartner({ name: 'Aster Consulting', domain: 'aster.example' });
  const { registrationId: _id, sequence: _sequence, ...rest } = claim({ submittedAt: MONDAY });
  const deps = { ...stage.deps, programs: { current: () => program, byVersion: () => program } };
  return previewClaim(deps, { ...rest, partnerId });
}

describe('previewClaim', () => {
  it.each<readonly [outcome: RuleOutcome, isProtected: boolean]>([
    [{ outcome: 'approve' }, true],
    [{ outcome: 'needs_ruling', decider: 'director' }, true],
    [{ outcome: 'return', ask: 'how many units' }, false],
    [{ outcome: 'deny', waitlist: false }, false],
  ])('shows a protection where there would be one: %j', async (outcome, isProtected) => {
    const { verdict, protection } = await previewUnder(outcome);
    expect([verdict.outcome, protection !== null]).toEqual([outcome.outcome, isProtected]);
  });
});
