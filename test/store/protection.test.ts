import { randomUUID } from 'node:crypto';
import { endProtection, grantProtection, moveProtectionEnd, readProtectedLines, WITHOUT_END } from '../../store/protection.ts';
import type { Transaction } from '../../store/database.ts';
import { saveState, type Registration } from '../../store/registration.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(60_000);

const DAY_MS = 24 * 60 * 60 * 1000;
const UNTIL = later(MONDAY, 90 * DAY_MS);
const WINDOW = { from: MONDAY, until: UNTIL };

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const run = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> => stage.db.transaction().execute(work);
const grant = ({ registrationId, customerId }: Registration, lines: readonly string[], window = WINDOW, onlyFree = false) =>
  run((trx) => grantProtection(trx, registrationId, customerId, lines, window, onlyFree));
const rows = async ({ registrationId }: Registration) =>
  stage.db
    .selectFrom('protection')
    .select(['product_line', 'until_at', 'ended_at'])
    .where('registration_id', '=', registrationId)
    .orderBy('id')
    .execute();

describe('grantProtection', () => {
  it('protects exactly the lines that are granted', async () => {
    const claim = await stage.receive({ productLines: ['platform', 'analytics'] });
    expect(await grant(claim, ['analytics'])).toEqual({ kind: 'granted', lines: ['analytics'] });
    expect(await rows(claim)).toEqual([{ product_line: 'analytics', until_at: UNTIL, ended_at: null }]);
  });

  it('gives none of the lines where another claim holds one, and names it', async () => {
    const [holder, claim] = [await stage.receive(), await stage.receive()];
    await grant(holder, ['platform']);
    expect(await grant(claim, ['platform', 'analytics'])).toEqual({ kind: 'held', by: [holder.registrationId] });
    expect(await rows(claim)).toEqual([]);
  });

  it('gives what is free to who was let in beside the holder', async () => {
    const [holder, claim] = [await stage.receive(), await stage.receive()];
    await grant(holder, ['platform']);
    expect(await grant(claim, ['platform', 'analytics'], WINDOW, true)).toEqual({ kind: 'granted', lines: ['analytics'] });
  });

  it('gives nothing, and asks for nothing, where no line is left', async () => {
    const claim = await stage.receive();
    expect(await grant(claim, [])).toEqual({ kind: 'granted', lines: [] });
    expect(await rows(claim)).toEqual([]);
  });

  it('protects nobody by a window that is over before it begins', async () => {
    const claim = await stage.receive();
    expect(await grant(claim, ['platform'], { from: MONDAY, until: MONDAY })).toEqual({ kind: 'granted', lines: ['platform'] });
    expect(await rows(claim)).toEqual([]);
  });

  it.each([
    ['a millisecond before the end', -1, 'held'],
    ['at the end', 0, 'granted'],
  ])('sees the protection of another claim %s', async (_when, offsetMs, kind) => {
    const [holder, claim] = [await stage.receive(), await stage.receive()];
    await grant(holder, ['platform']);
    const from = later(UNTIL, offsetMs);
    expect((await grant(claim, ['platform'], { from, until: later(from, DAY_MS) })).kind).toBe(kind);
  });

  it('is kept by the index from giving a line twice, whoever forgets the locks', async () => {
    const [holder, claim] = [await stage.receive(), await stage.receive()];
    await grant(holder, ['platform']);
    const twice = stage.db
      .insertInto('protection')
      .values({
        registration_id: claim.registrationId,
        customer_id: holder.customerId,
        product_line: 'platform',
        starts_at: MONDAY,
        until_at: UNTIL,
        ended_at: null,
      })
      .execute();
    await expect(twice).rejects.toThrow('protection_held_once');
  });
});

describe('the end of a protection', () => {
  it.each([
    ['before its time is when it is ended', -DAY_MS, later(UNTIL, -DAY_MS)],
    ['after its time is its time', DAY_MS, UNTIL],
  ])('%s', async (_what, offsetMs, endedAt) => {
    const claim = await stage.receive();
    await grant(claim, ['platform']);
    await run((trx) => endProtection(trx, claim.registrationId, later(UNTIL, offsetMs)));
    expect(await rows(claim)).toMatchObject([{ ended_at: endedAt }]);
  });

  it('can be suspended and set again', async () => {
    const [holder, claim] = [await stage.receive(), await stage.receive()];
    await grant(holder, ['platform']);
    const longAfter = later(UNTIL, 1_000 * DAY_MS);
    const held = async () => (await readProtectedLines(stage.db, [holder.registrationId], longAfter)).get(holder.registrationId) ?? [];
    expect(await held()).toEqual([]);
    await run((trx) => moveProtectionEnd(trx, holder.registrationId, WITHOUT_END));
    expect(await held()).toEqual(['platform']);
    expect((await grant(claim, ['platform'], { from: longAfter, until: later(longAfter, DAY_MS) })).kind).toBe('held');
    await run((trx) => moveProtectionEnd(trx, holder.registrationId, UNTIL));
    expect((await grant(claim, ['platform'], { from: longAfter, until: later(longAfter, DAY_MS) })).kind).toBe('granted');
  });
});

describe('saveState', () => {
  it('keeps since when a claim has ended, until it stands again', async () => {
    const { registrationId, state } = await stage.receive();
    const save = (status: typeof state.status, at: string) => run((trx) => saveState(trx, registrationId, { ...state, status }, at));
    const endedAt = async () =>
      (await stage.db.selectFrom('registration').select('ended_at').where('id', '=', registrationId).executeTakeFirstOrThrow()).ended_at;
    const [first, second, third] = [1, 2, 3].map((day) => later(MONDAY, day * DAY_MS)) as [string, string, string];
    expect(await endedAt()).toBeNull();
    await save('denied', first);
    await save('denied', second);
    expect(await endedAt()).toBe(first);
    await save('in_review', second);
    expect(await endedAt()).toBeNull();
    await save('expired', third);
    expect(await endedAt()).toBe(third);
  });

  it('changes nothing for an id that is not there', async () => {
    const { state } = await stage.receive();
    await expect(run((trx) => saveState(trx, randomUUID(), state, MONDAY))).resolves.toBeUndefined();
  });
});
