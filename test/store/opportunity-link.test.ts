import { sql } from 'kysely';
import { SUBMITTED } from '../../program/registration-life.ts';
import type { RegistrationStatus } from '../../program/vocabulary.ts';
import type { Transaction } from '../../store/database.ts';
import { findLosses, recordLoss } from '../../store/lost-opportunity.ts';
import { up } from '../../store/migrations/0009-conversion.ts';
import {
  forgetCommanded,
  measureLinks,
  queuePrimaries,
  readLinkedRegistrations,
  readOpportunityLinks,
  removeOpportunityLink,
  saveOpportunityLink,
  setPrimary,
  type OpportunityLink,
} from '../../store/opportunity-link.ts';
import { readPlaces, savePlace } from '../../store/place.ts';
import { saveState } from '../../store/registration.ts';
import { createDecisionStage, emptyStore, later, MONDAY, type DecisionStage } from '../support/decision-stage.ts';
import { ACCOUNT, mirrorOpportunity, OPPORTUNITY } from '../support/mirror.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';

jest.setTimeout(120_000);

const CRM = 'salesforce';
const OTHER = '006000000000002AAA';

let postgres: TestPostgres;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  stage = createDecisionStage((await postgres.openEmpty()).db);
});
afterEach(() => emptyStore(stage.db));
afterAll(() => postgres.stop());

const run = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> => stage.db.transaction().execute(work);
async function registered(status: RegistrationStatus = 'approved'): Promise<string> {
  const { registrationId } = await stage.receive();
  await run((trx) => saveState(trx, registrationId, { ...SUBMITTED, status }, MONDAY));
  return registrationId;
}
const linkOf = (registrationId: string, changes: Partial<OpportunityLink> = {}): OpportunityLink => ({
  registrationId,
  connection: CRM,
  opportunity: OPPORTUNITY,
  isPrimary: false,
  linkedAt: MONDAY,
  linkedBy: 'manager',
  commandedAt: null,
  ...changes,
});
const save = (registrationId: string, changes: Partial<OpportunityLink> = {}) =>
  run((trx) => saveOpportunityLink(trx, linkOf(registrationId, changes)));
const placeOf = async (id: string) => (await run((trx) => readPlaces(trx, CRM, [id]))).get(id);
const measureOf = (id: string) =>
  stage.db
    .selectFrom('registration_place')
    .select(['linked_amount', 'linked_account', 'measured_at'])
    .where('registration_id', '=', id)
    .executeTakeFirstOrThrow();

describe('the primaries of opportunities', () => {
  it('are at most one of each, which the database itself guards', async () => {
    const [first, second] = [await registered(), await registered()];
    await save(first, { isPrimary: true });
    await expect(save(second, { isPrimary: true })).rejects.toThrow('registration_place_primary');
    await save(second);
    await expect(run((trx) => setPrimary(trx, second, CRM, true))).rejects.toThrow('registration_place_primary');
    await save(second, { opportunity: OTHER, isPrimary: true });
  });

  it('are linked: a registration without an opportunity is none', async () => {
    const id = await registered();
    await run((trx) => savePlace(trx, { registrationId: id, connection: CRM, customerAccount: ACCOUNT, opportunity: null }));
    await expect(run((trx) => setPrimary(trx, id, CRM, true))).rejects.toThrow('registration_place_primary_is_linked');
  });
});

describe('a link', () => {
  it('leaves the account at which the registration is placed, and is taken away without it', async () => {
    const id = await registered();
    await run((trx) => savePlace(trx, { registrationId: id, connection: CRM, customerAccount: ACCOUNT, opportunity: null }));
    await save(id, { isPrimary: true, commandedAt: MONDAY });
    expect(await placeOf(id)).toMatchObject({ customerAccount: ACCOUNT, opportunity: OPPORTUNITY, isPrimary: true, commandedAt: MONDAY });
    await run((trx) => removeOpportunityLink(trx, id, CRM, null));
    expect(await placeOf(id)).toMatchObject({ customerAccount: ACCOUNT, opportunity: null, isPrimary: false, commandedAt: null });
    expect(await run((trx) => readOpportunityLinks(trx, [id]))).toEqual([]);
  });

  it('is no primary and not commanded any more when another opportunity is saved with the place; the same one changes nothing', async () => {
    const id = await registered();
    await save(id, { isPrimary: true, commandedAt: MONDAY });
    const place = { registrationId: id, connection: CRM, customerAccount: ACCOUNT, opportunity: OPPORTUNITY };
    await run((trx) => savePlace(trx, place));
    expect(await placeOf(id)).toMatchObject({ customerAccount: ACCOUNT, isPrimary: true, commandedAt: MONDAY });
    await run((trx) => savePlace(trx, { ...place, opportunity: OTHER }));
    expect(await placeOf(id)).toMatchObject({ opportunity: OTHER, isPrimary: false, commandedAt: null });
  });

  it('is measured once, also where the opportunity is captured only later', async () => {
    const id = await registered();
    await save(id);
    expect(await measureOf(id)).toEqual({ linked_amount: null, linked_account: null, measured_at: null });
    await mirrorOpportunity(stage.db, { amount: '10.00' });
    await run((trx) => measureLinks(trx, CRM, [OPPORTUNITY], MONDAY));
    await mirrorOpportunity(stage.db, { amount: '20.00' });
    await run((trx) => measureLinks(trx, CRM, [OPPORTUNITY], later(MONDAY, 1000)));
    expect(await measureOf(id)).toEqual({ linked_amount: '10.00', linked_account: ACCOUNT, measured_at: MONDAY });
  });

  it('stays to be written where it was commanded anew while another one was', async () => {
    const id = await registered();
    await save(id, { commandedAt: MONDAY });
    await run((trx) => forgetCommanded(trx, CRM, [{ registrationId: id, opportunity: OTHER }]));
    expect((await placeOf(id))?.commandedAt).toBe(MONDAY);
    await run((trx) => forgetCommanded(trx, CRM, [{ registrationId: id, opportunity: OPPORTUNITY }]));
    expect((await placeOf(id))?.commandedAt).toBeNull();
  });

  it('is read with the others of its opportunity in the order in which they were made', async () => {
    const [first, second, third] = [await registered('denied'), await registered(), await registered()];
    await save(third, { linkedAt: later(MONDAY, 2000) });
    await save(first, { linkedAt: later(MONDAY, 3000) });
    await save(second, { linkedAt: MONDAY });
    const linked = await run((trx) => readLinkedRegistrations(trx, CRM, OPPORTUNITY));
    expect(linked.map(({ registrationId, status }) => [registrationId, status])).toEqual([
      [second, 'approved'],
      [third, 'approved'],
      [first, 'denied'],
    ]);
  });
});

describe('queuePrimaries', () => {
  const queued = () =>
    stage.db
      .selectFrom('push_queue')
      .select(['local_id', 'version'])
      .where('object_type', '=', 'opportunity')
      .orderBy('local_id')
      .execute();

  it('gives an opportunity one record of ours, however often it is marked, and each mark is a newer version', async () => {
    await run((trx) => queuePrimaries(trx, CRM, [OPPORTUNITY, OPPORTUNITY]));
    const [before, ...more] = await queued();
    await run((trx) => queuePrimaries(trx, CRM, [OPPORTUNITY]));
    const [after] = await queued();
    expect([more, after?.local_id]).toEqual([[], before?.local_id]);
    expect(Number(after?.version)).toBeGreaterThan(Number(before?.version));
  });

  it('marks the record of one that we made ourselves', async () => {
    const id = await registered();
    await stage.db
      .insertInto('link')
      .values({
        connection: CRM,
        object_type: 'opportunity',
        local_id: id,
        remote_id: OPPORTUNITY,
        base: '{}',
        remote_stamp: null,
        linked_at: MONDAY,
      })
      .execute();
    await run((trx) => queuePrimaries(trx, CRM, [OPPORTUNITY]));
    expect((await queued()).map(({ local_id }) => local_id)).toEqual([id]);
  });
});

describe('findLosses', () => {
  const lose = (registrationId: string, how: 'unlinked' | 'relinked' | 'primary_edited', at = MONDAY) =>
    run((trx) => recordLoss(trx, { registrationId, connection: CRM, opportunity: OPPORTUNITY, how, at, by: CRM }));
  const losses = async (id: string, since = MONDAY) => (await findLosses(stage.db, id, since)).map(({ how, heldBy }) => [how, heldBy]);

  it('finds what was lost since then, with who has it now', async () => {
    await mirrorOpportunity(stage.db);
    const [id, other] = [await registered(), await registered()];
    await lose(id, 'relinked');
    expect(await losses(id)).toEqual([['relinked', null]]);
    await save(other, { isPrimary: true });
    expect(await losses(id)).toEqual([['relinked', other]]);
    expect(await losses(id, later(MONDAY, 1))).toEqual([]);
  });

  it('finds nothing where the registration has it again, but for an edit of the primary', async () => {
    await mirrorOpportunity(stage.db);
    const id = await registered();
    await lose(id, 'unlinked');
    await lose(id, 'primary_edited');
    await save(id, { isPrimary: true });
    expect(await losses(id)).toEqual([['primary_edited', null]]);
  });

  it('finds nothing where the opportunity was deleted, or was never known', async () => {
    const id = await registered();
    await lose(id, 'unlinked');
    expect(await losses(id)).toEqual([]);
    await mirrorOpportunity(stage.db, { deleted: true });
    expect(await losses(id)).toEqual([]);
  });
});

describe('the migration of what was linked before', () => {
  /** The schema as it was. */
  async function undo(): Promise<void> {
    await sql
      .raw(
        `drop table lost_opportunity, opportunity_order;
        alter table crm_opportunity drop column merged_into, drop column won_at;
        alter table registration_place drop column is_primary, drop column linked_at, drop column linked_by, drop column commanded_at,
          drop column measured_at, drop column linked_amount, drop column linked_account`,
      )
      .execute(stage.db);
  }

  it('makes the first approved one the primary, measures all, and has the primaries written', async () => {
    const [denied, first, second] = [await registered('denied'), await registered('won'), await registered()];
    const [alone, unlinked] = [await registered('expired'), await registered()];
    await mirrorOpportunity(stage.db, { amount: '10.00' });
    await undo();
    const places: readonly (readonly [string, string | null])[] = [
      [second, OPPORTUNITY],
      [denied, OPPORTUNITY],
      [first, OPPORTUNITY],
      [alone, OTHER],
      [unlinked, null],
    ];
    for (const [id, opportunity] of places) {
      await sql`insert into registration_place (registration_id, connection, customer_account, opportunity)
        values (${id}, ${CRM}, ${ACCOUNT}, ${opportunity})`.execute(stage.db);
    }
    await stage.db.transaction().execute((trx) => up(trx as never));
    const linked = await readOpportunityLinks(stage.db, [denied, first, second, alone, unlinked]);
    expect(linked.filter(({ isPrimary }) => isPrimary).map(({ registrationId }) => registrationId)).toEqual([first]);
    expect(linked).toHaveLength(4);
    expect(linked.every(({ linkedAt, linkedBy, commandedAt }) => linkedAt === null && linkedBy === null && commandedAt === null)).toBe(
      true,
    );
    expect([(await measureOf(second)).linked_amount, (await measureOf(alone)).measured_at]).toEqual(['10.00', null]);
    const before = await stage.db.selectFrom('push_queue').select(['object_type', 'local_id']).execute();
    expect(before).toEqual([{ object_type: 'opportunity', local_id: expect.any(String) }]);
    // The record that the migration made is the one that is found later.
    await run((trx) => queuePrimaries(trx, CRM, [OPPORTUNITY]));
    expect(await stage.db.selectFrom('push_queue').select(['object_type', 'local_id']).execute()).toEqual(before);
    await expect(run((trx) => setPrimary(trx, second, CRM, true))).rejects.toThrow('registration_place_primary');
  });
});
