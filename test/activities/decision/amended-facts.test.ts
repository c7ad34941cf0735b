import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(60_000);

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const AMEND = { kind: 'amend', actor: 'partner' } as const;

describe('an amendment of facts', () => {
  it('changes those that it names, and what the new evidence proves', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    const first = {
      facts: { quantity: 5, site: 'Plant 2', answers: { segment: 'public', seats: 3 } },
      evidence: [{ kind: 'Meeting', summary: 'x' }],
    };
    expect(await stage.command(registrationId, AMEND, { amendment: first })).toEqual({ kind: 'done' });
    const second = { facts: { site: null, marketplace: 'aws', answers: { seats: null } } };
    expect(await stage.command(registrationId, AMEND, { amendment: second })).toEqual({ kind: 'done' });
    expect((await stage.registration(registrationId)).facts).toMatchObject({
      quantity: 5,
      site: null,
      marketplace: 'aws',
      answers: { segment: 'public' },
      proofs: [{ kind: 'meeting', date: null }],
    });
  });

  it('is refused where what was stored is no fact', async () => {
    const { registrationId } = await stage.receiveAndEvaluate();
    const broken = { facts: { quantity: 'many' } };
    expect(await stage.command(registrationId, AMEND, { amendment: broken })).toMatchObject({ kind: 'refused', code: 'COMMAND_INVALID' });
  });
});
