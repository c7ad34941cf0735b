import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';
import { createDecisionStage, MONDAY, type DecisionStage } from '../../support/decision-stage.ts';
import { runCommand, widthOf } from './run-command.ts';

// Each command is a process of its own.
jest.setTimeout(120_000);

let postgres: TestPostgres;
let stage: DecisionStage;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { db, url } = await postgres.openEmpty();
  environment = { DATABASE_URL: url };
  stage = createDecisionStage(db);
}, 60_000);
afterAll(() => postgres.stop());

const search = (...args: readonly string[]) => runCommand(['precedents', 'search', ...args], environment);

describe('precedents search', () => {
  it('lists what was decided, and finds it by its words and whatever else is known of it', async () => {
    await stage.receiveAndEvaluate();
    const { state } = await stage.receiveAndEvaluate({ customer: { domain: null } });
    const caseId = state.caseId ?? '';
    const comment = 'They met the buyer first, and the order that came later does not change who was there before anybody else.';
    await stage.commandCase(caseId, { outcome: 'uphold', registrationId: null, actor: 'manager' }, { comment });

    const { exitCode, stdout, stderr } = await search('met', 'buyer', '--outcome', 'uphold', '--line', 'platform');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(widthOf(stdout)).toBeLessThanOrEqual(100);
    for (const words of [caseId, `uphold, ${MONDAY}`, 'C02_active_protection', 'resale against resale', 'platform', 'They met the buyer'])
      expect(stdout).toContain(words);
    const page: unknown = JSON.parse((await search('--json')).stdout);
    expect(page).toMatchObject({ items: [{ caseId, outcome: 'uphold', reasons: comment }], nextCursor: null });
    expect((await search('--rule', 'C05_direct_early_stage')).stdout).toBe('No case was settled like that.\n');
  });

  it('refuses what it cannot search by, and says what is possible', async () => {
    const unknown = await search('--outcome', 'won');
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toContain('uphold, award, split, deny, co_sell, revoke');
    const bad = await search('--rule', 'what is this');
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain('rule: expected the id of a rule');
  });
});
