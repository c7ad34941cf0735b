import { createSyncActivities } from '../../../activities/sync/sync-activities.ts';
import type { SyncActivities } from '../../../activities/contract.ts';
import type { ActivityDependencies } from '../../../activities/decision/dependencies.ts';
import { connectHubspot } from '../../../crm/hubspot/connect.ts';
import { provisionPortal } from '../../../crm/hubspot/provision-portal.ts';
import type { HubspotConfig } from '../../../crm/hubspot/session.ts';
import { shippedPortal } from '../../../crm/hubspot/shipped-portal.ts';
import { hubspotProfile, REGISTRATION_OBJECTS } from '../../../mappings/hubspot/registration-object.ts';
import { OBJECT_TYPES, type ObjectType } from '../../../program/vocabulary.ts';
import { registerConnection } from '../../../store/connection.ts';
import type { Database } from '../../../store/database.ts';
import { readLinksByLocal } from '../../../store/link.ts';
import { queuePush } from '../../../store/push-queue.ts';
import { bearer, openPortal, type OpenedPortal } from '../../sandbox/hubspot/opened-portal.ts';
import { createDecisionStage, emptyStore, type DecisionStage } from '../../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../../support/postgres.ts';

jest.setTimeout(120_000);

const CRM = 'hubspot';

describe.each(REGISTRATION_OBJECTS)('a decision in a portal that keeps registrations in %s', (object) => {
  let postgres: TestPostgres;
  let db: Database;
  let portal: OpenedPortal;
  let config: HubspotConfig;
  let stage: DecisionStage;
  let sync: SyncActivities;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    ({ db } = await postgres.openEmpty());
  });
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    await emptyStore(db);
    portal = await openPortal({ now: Date.now });
    config = {
      connection: CRM,
      baseUrl: portal.url,
      accessToken: 'pat-sandbox-integration',
      apiVersion: '2026-03',
      requestTimeoutMs: 10_000,
      patience: { repeats: 0, pauseMs: 0 },
    };
    await provisionPortal(config, shippedPortal(object));
    sync = startWorker();
    await registerConnection(db, CRM, new Date().toISOString());
    for (const objectType of OBJECT_TYPES) await pull(objectType);
  });
  afterEach(() => portal.close());

  /** A worker that has not looked at the portal yet. */
  function startWorker(): SyncActivities {
    const { mapping } = hubspotProfile(object);
    const deps: Partial<ActivityDependencies> = {
      connections: new Map([[CRM, { port: connectHubspot(config), mapping }]]),
      now: () => new Date().toISOString(),
    };
    stage = createDecisionStage(db, deps);
    return createSyncActivities(stage.deps);
  }

  async function pull(objectType: ObjectType): Promise<void> {
    for (let isDrained = false; !isDrained;) isDrained = (await sync.pullPage(CRM, objectType)).drained;
  }

  /** Everything that waits, also what was put off. */
  async function push(objectType: ObjectType): Promise<void> {
    await db
      .updateTable('push_queue')
      .set({ not_before: new Date(0).toISOString() })
      .execute();
    for (let dueNow = 1; dueNow > 0;) ({ dueNow } = await sync.pushBatch(CRM, objectType));
  }

  /** A registration that the program approved, there or not there yet. */
  async function approved(where: 'here' | 'in the portal', name = 'Northwind Inc'): Promise<string> {
    const { registrationId, partnerId, state } = await stage.receiveAndEvaluate({ customer: { name } });
    expect(state.status).toBe('approved');
    await db.transaction().execute(async (trx) => {
      await queuePush(trx, [CRM], 'partner', [partnerId]);
      await queuePush(trx, [CRM], 'registration', [registrationId]);
    });
    if (where === 'in the portal') for (const objectType of ['partner', 'registration'] as const) await push(objectType);
    return registrationId;
  }

  interface Note {
    readonly id: string;
    readonly properties: Readonly<Record<string, string | null>>;
  }
  async function recordsOf(kind: 'notes' | 'tasks', properties: string): Promise<readonly Note[]> {
    const { status, body } = await portal.call('GET', `/crm/v3/objects/${kind}?limit=100&properties=${properties}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.results;
  }
  const notes = () => recordsOf('notes', 'note_id,hs_note_body,hs_timestamp,hubspot_owner_id');
  const associated = async (noteId: string, to: string): Promise<readonly string[]> =>
    (await portal.call('GET', `/crm/v4/objects/notes/${noteId}/associations/${to}`)).body.results.map(
      ({ toObjectId }: { toObjectId: number }) => String(toObjectId),
    );
  const recordOf = async (registrationId: string): Promise<string | undefined> =>
    (await readLinksByLocal(db, CRM, 'registration', [registrationId])).get(registrationId)?.remoteId;
  const issues = () => db.selectFrom('sync_issue').select(['code', 'local_id', 'message', 'remedy']).where('status', '=', 'open').execute();
  const waiting = async (): Promise<number> =>
    (await db.selectFrom('push_queue').select('local_id').where('object_type', '=', 'task').execute()).length;

  it('is a note on the registration, by whom and why, and on nothing else', async () => {
    const id = await approved('in the portal');
    expect(await sync.pushBatch(CRM, 'task')).toMatchObject({ written: 1, refused: 0, postponed: 0, dueNow: 0 });
    const [note, ...others] = await notes();
    expect(others).toEqual([]);
    expect(note?.properties['hs_note_body']).toMatch(/^Approved: Northwind Inc \(DR-[^)]*\)<br><br>.*Protected until .*<br>By /);
    expect(await associated(note?.id ?? '', object)).toEqual([await recordOf(id)]);
    expect(await associated(note?.id ?? '', 'companies')).toEqual([]);
    const { state } = await stage.registration(id);
    expect(Date.parse(note?.properties['hs_timestamp'] ?? '')).toBe(
      Math.floor(Date.parse(state.decision?.at ?? state.protection?.from ?? '') / 1_000) * 1_000,
    );
    const owners = (await portal.call('GET', '/crm/v3/owners')).body.results as readonly { id: string; email: string }[];
    expect(note?.properties['hubspot_owner_id']).toBe(owners.find(({ email }) => email === 'manager@acme.example')?.id);
    expect(await recordsOf('tasks', 'question_id')).toEqual([]);
    expect([await waiting(), await issues()]).toEqual([0, []]);
  });

  it.each([
    ['lost_answer', '/crm/objects/*/notes/batch/upsert'],
    ['lost_answer', '/crm/associations/*/batch/associate/default'],
    ['drop', '/crm/associations/*/batch/associate/default'],
  ])('is one note, and hangs on the registration, where a %s hits POST %s', async (fault, path) => {
    const id = await approved('in the portal');
    await portal.control('faults', { rules: [{ method: 'POST', path, nth: 1, times: 1, fault }] });
    // A call that fails after the note was made counts as a refusal of the note that passes.
    await push('task').catch((error: unknown) => expect(error).toMatchObject({ code: 'CRM_UNAVAILABLE' }));
    expect(await notes()).toHaveLength(1);
    expect(await waiting()).toBe(1);
    // Another worker goes on.
    sync = startWorker();
    await push('task');
    const [note, ...others] = await notes();
    expect(others).toEqual([]);
    expect(await associated(note?.id ?? '', object)).toEqual([await recordOf(id)]);
    expect([await waiting(), await issues()]).toEqual([0, []]);
  });

  it('is noted once the registration is there', async () => {
    await approved('here');
    await push('task');
    expect([(await notes()).length, await waiting()]).toEqual([0, 1]);
    for (const objectType of ['partner', 'registration', 'task'] as const) await push(objectType);
    expect([(await notes()).length, await waiting()]).toEqual([1, 0]);
  });

  it('is not noted again, whatever people make of the note', async () => {
    await approved('in the portal');
    await push('task');
    const [note] = await notes();
    const { id: taskId } = await db.selectFrom('task').select('id').where('kind', '=', 'note').executeTakeFirstOrThrow();
    const again = async (): Promise<void> => {
      await db.transaction().execute((trx) => queuePush(trx, [CRM], 'task', [taskId]));
      await push('task');
      expect(await waiting()).toBe(0);
    };
    await portal.call('PATCH', `/crm/v3/objects/notes/${note?.id}`, { properties: { hs_note_body: 'Called them.' } }, bearer('rep'));
    await again();
    expect((await notes()).map(({ properties }) => properties['hs_note_body'])).toEqual(['Called them.']);
    await portal.call('DELETE', `/crm/v3/objects/notes/${note?.id}`, undefined, bearer('rep'));
    await again();
    expect(await notes()).toEqual([]);
  });

  it('brings no markup of a partner’s into the portal', async () => {
    await approved('in the portal', '<img src=x> & Sons');
    await push('task');
    expect((await notes())[0]?.properties['hs_note_body']).toMatch(/^Approved: &lt;img src=x&gt; &amp; Sons \(/);
  });

  it('is noted while questions go on as tasks', async () => {
    const { registrationId, partnerId } = await stage.receiveAndEvaluate({
      customer: { name: 'Contoso', domain: 'contoso.example' },
      estimatedValue: { amount: '90000.00', currency: 'USD' },
    });
    await db.transaction().execute((trx) => queuePush(trx, [CRM], 'partner', [partnerId]));
    for (const objectType of ['partner', 'registration', 'task'] as const) await push(objectType);
    const open = await recordsOf('tasks', 'question_id,hs_task_status');
    expect([open.length, open[0]?.properties['hs_task_status'], (await notes()).length]).toEqual([1, 'NOT_STARTED', 0]);
    await stage.command(registrationId, { kind: 'decide', decision: 'deny', actor: 'manager' }, { comment: 'No budget.' });
    await push('task');
    const closed = await recordsOf('tasks', 'question_id,hs_task_status');
    expect(closed.map(({ properties }) => properties['hs_task_status'])).toEqual(['COMPLETED']);
    expect((await notes())[0]?.properties['hs_note_body']).toMatch(/^Denied: Contoso .*By manager/s);
  });

  it('waits under one issue where the portal lacks the property of notes, and is noted once it is provisioned', async () => {
    await portal.call('DELETE', '/crm/v3/properties/notes/note_id');
    sync = startWorker();
    await approved('in the portal');
    await push('task');
    expect([(await notes()).length, await waiting()]).toEqual([0, 1]);
    expect(await issues()).toMatchObject([
      {
        code: 'NOTES_NOT_SET_UP',
        local_id: null,
        message: expect.stringContaining('notes.note_id'),
        remedy: expect.stringContaining('provision --connection hubspot'),
      },
    ]);
    await provisionPortal(config, shippedPortal(object));
    await push('task');
    expect([(await notes()).length, await waiting(), await issues()]).toEqual([1, 0, []]);
  });
});
