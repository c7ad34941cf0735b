import type { Database } from '../../store/database.ts';
import { registerConnection, recordUsage } from '../../store/connection.ts';
import { saveEventStream, switchEventsOff, takeEventStream, type StreamChange } from '../../store/event-stream.ts';
import { saveCursor } from '../../store/sync-cursor.ts';
import { findIssue, raiseIssue } from '../../store/sync-issue.ts';
import { apiDependencies, NOW, startTestApi, type TestApi } from '../support/api.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { stepOf } from '../support/open-step.ts';

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  stage = createDecisionStage(db, { now: () => NOW });
  api = await startTestApi(apiDependencies(db));
}, 60_000);

afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

interface Page {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

describe('GET /v1/cases', () => {
  it('shows a conflict with its registrations, its arbiter and the deadline, and beside the registration', async () => {
    const holder = await stage.receiveAndEvaluate({ customer: { name: 'Contoso Ltd', domain: 'contoso.com', country: 'US' } });
    const claimant = await stage.receiveAndEvaluate({ customer: { name: 'Contoso Ltd', domain: null, country: 'US' } });
    const caseId = claimant.state.caseId;
    const { body } = await api.call('GET', `/v1/cases/${caseId}`);
    expect(body).toEqual({
      id: caseId,
      rule: 'C02_active_protection',
      status: 'open',
      arbiter: stepOf(claimant.state)?.approver,
      dueAt: stepOf(claimant.state)?.dueAt,
      approval: {
        kind: 'case',
        needs: 'all',
        steps: [expect.objectContaining({ step: 'partner_manager', approver: 'manager', asked: ['manager'], reason: 'asked' })],
        granted: [],
        next: [],
        decideBy: null,
        acknowledgement: null,
      },
      registrations: [
        { id: holder.registrationId, partnerId: holder.partnerId, status: 'approved' },
        { id: claimant.registrationId, partnerId: claimant.partnerId, status: 'in_review' },
      ],
      opportunity: null,
      evidence: expect.arrayContaining([{ kind: expect.any(String), summary: expect.any(String) }]),
      outcome: null,
      resolution: null,
      hearing: null,
      statements: [],
      precedents: [],
      openedAt: NOW,
      resolvedAt: null,
    });
    // What a partner may read names nobody; insiders read the case.
    const summaries = [
      [claimant, 'It has to be checked by a person whether this customer is already registered.'],
      [holder, 'A person looks into this customer; there is nothing for you to do.'],
    ] as const;
    for (const [{ registrationId }, summary] of summaries) {
      const answer = await api.call('GET', `/v1/registrations/${registrationId}`);
      expect(answer.body).toMatchObject({ conflicts: [{ caseId, rule: 'C02_active_protection', summary }] });
      for (const other of [holder, claimant].filter((one) => one.registrationId !== registrationId)) {
        expect(answer.text).not.toContain(other.registrationId);
        expect(answer.text).not.toContain(other.partnerId);
      }
    }
    expect((await stage.conflictCase(caseId)).summary).toContain(holder.externalId);

    await stage.settle(caseId ?? '', 'uphold', stepOf(claimant.state)?.approver ?? '');
    expect((await api.call('GET', `/v1/cases/${caseId}`)).body).toMatchObject({
      status: 'resolved',
      arbiter: stepOf(claimant.state)?.approver,
      dueAt: null,
      outcome: 'uphold',
      resolution: { registrationId: null, by: stepOf(claimant.state)?.approver, at: NOW, shares: [], remediations: [] },
      resolvedAt: NOW,
    });
  });

  it('is read page by page, also where cases were opened at the same instant, and by status', async () => {
    for (const name of ['Fabrikam', 'Litware', 'Tailspin']) {
      await stage.receiveAndEvaluate({ customer: { name, domain: `${name.toLowerCase()}.com`, country: 'US' } });
      await stage.receiveAndEvaluate({ customer: { name, domain: null, country: 'US' } });
    }
    const all = (await api.call('GET', '/v1/cases')).body as Page;
    expect([all.items.length, all.nextCursor]).toEqual([4, null]);
    const first = (await api.call('GET', '/v1/cases?limit=3')).body as Page;
    const second = (await api.call('GET', `/v1/cases?limit=3&cursor=${first.nextCursor}`)).body as Page;
    expect([...first.items, ...second.items]).toEqual(all.items);
    expect(second.nextCursor).toBeNull();
    expect(((await api.call('GET', '/v1/cases?status=open')).body as Page).items).toHaveLength(3);
  });
});

describe('GET /v1/precedents', () => {
  const settle = async (name: string, outcome: 'uphold' | 'split', comment: string): Promise<string> => {
    await stage.receiveAndEvaluate({ customer: { name, domain: `${name.toLowerCase()}.com`, country: 'US' } });
    const { state } = await stage.receiveAndEvaluate({ customer: { name, domain: null, country: 'US' } });
    await stage.commandCase(
      state.caseId ?? '',
      { outcome, registrationId: null, actor: stepOf(state)?.approver ?? '' },
      { comment, at: '2026-11-24T15:00:00.000Z' },
    );
    return state.caseId ?? '';
  };

  it('finds what was decided by any of its sides, page by page', async () => {
    const first = await settle('Proseware', 'uphold', 'They met the buyer first.');
    const second = await settle('Adatum', 'split', 'Both brought the buyer.');
    const idsOf = async (query: string): Promise<readonly string[]> =>
      ((await api.call('GET', `/v1/precedents?${query}`)).body as { items: readonly { caseId: string }[] }).items.map(
        ({ caseId }) => caseId,
      );
    expect(await idsOf('text=met+buyer')).toEqual([first]);
    expect(await idsOf('outcome=split&rule=C02_active_protection&productLine=platform&text=buyer')).toEqual([second]);
    expect(await idsOf('productLine=analytics')).toEqual([]);
    const page = (await api.call('GET', '/v1/precedents?text=buyer&limit=1')).body as Page;
    const rest = await idsOf(`text=buyer&limit=1&cursor=${page.nextCursor}`);
    expect([...(page.items as unknown as { caseId: string }[]).map(({ caseId }) => caseId), ...rest].sort()).toEqual(
      [first, second].sort(),
    );
  });

  it('are shown on like cases, five at most', async () => {
    await stage.receiveAndEvaluate({ customer: { name: 'Wingtip', domain: 'wingtip.com', country: 'US' } });
    const { state } = await stage.receiveAndEvaluate({ customer: { name: 'Wingtip', domain: null, country: 'US' } });
    const { precedents } = (await api.call('GET', `/v1/cases/${state.caseId}`)).body as { precedents: readonly { reasons: string }[] };
    expect(precedents.length).toBeLessThanOrEqual(5);
    expect(precedents.map(({ reasons }) => reasons)).toEqual(
      expect.arrayContaining(['They met the buyer first.', 'Both brought the buyer.']),
    );
  });
});

describe('GET /v1/sync/status', () => {
  it('shows each connection with its calls, and how far behind each kind of record is', async () => {
    await registerConnection(db, 'salesforce', NOW);
    await recordUsage(db, 'salesforce', {
      used: 12_000,
      limit: 15_000,
      held: 'background',
      seenAt: NOW,
      resetsAt: '2026-11-24T05:00:00.000Z',
    });
    await db.transaction().execute(async (trx) => {
      await saveCursor(trx, 'salesforce', 'registration', {
        position: null,
        sweptAt: null,
        sweep: null,
        pulledAt: '2026-11-23T14:59:53.400Z',
      });
    });
    const { connections } = (await api.call('GET', '/v1/sync/status')).body as { connections: readonly { objects: readonly object[] }[] };
    expect(connections).toMatchObject([
      {
        name: 'salesforce',
        state: 'running',
        reason: null,
        calls: { today: 12_000, limit: 15_000, held: 'background', resetsAt: '2026-11-24T05:00:00.000Z' },
      },
    ]);
    expect(connections[0]?.objects).toEqual([
      ...['user', 'account', 'partner', 'opportunity'].map((objectType) => ({
        objectType,
        lagSeconds: null,
        pendingOut: 0,
        openIssues: 0,
      })),
      { objectType: 'registration', lagSeconds: 7, pendingOut: 0, openIssues: 0 },
      { objectType: 'task', lagSeconds: null, pendingOut: 0, openIssues: 0 },
    ]);
  });

  it('shows how changes are heard of: by which channels, how far, and when the last one was', async () => {
    const events = async (): Promise<unknown> =>
      ((await api.call('GET', '/v1/sync/status')).body as { connections: readonly { events: unknown }[] }).connections[0]?.events;
    expect(await events()).toBeNull();
    const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1_000).toISOString();
    const keep = (change: StreamChange) => saveEventStream(db, 'salesforce', 'one', change);
    await takeEventStream(db, 'salesforce', 'one', NOW);
    const channel = '/data/Dealkeeper__chn';
    await keep({ state: 'listening', channels: [channel], positions: { [channel]: '4711' }, heardAt: ago(100), lastEventAt: ago(7_000) });
    const unhindered = { code: null, message: null, remedy: null, retryAt: null };
    const listening = { state: 'listening', channels: [{ name: channel, position: '4711' }], lastEventSeconds: 7_000, heardSeconds: 100 };
    expect(await events()).toEqual({ ...listening, ...unhindered });
    await keep({ heardAt: ago(180) });
    expect(await events()).toMatchObject({ state: 'listening' });
    await keep({ heardAt: ago(181) });
    expect(await events()).toMatchObject({ state: 'silent' });
    await keep({ state: 'away', code: 'CRM_EVENTS_EXHAUSTED', message: 'used up', remedy: 'Nothing is lost.', retryAt: NOW });
    expect(await events()).toMatchObject({ state: 'away', code: 'CRM_EVENTS_EXHAUSTED', remedy: 'Nothing is lost.', retryAt: NOW });
    await switchEventsOff(db, 'salesforce', NOW);
    expect(await events()).toMatchObject({ state: 'off', ...unhindered });
  });
});

describe('sync issues', () => {
  const outbound = '00000000-0000-4000-8000-000000000001';
  const inbound = '00000000-0000-4000-8000-000000000002';
  const local = '00000000-0000-4000-8000-00000000000a';
  const words = { category: 'invalid_value', code: 'CRM_FIELD_REJECTED', message: 'bad value', remedy: 'mend it' } as const;

  beforeAll(() =>
    db.transaction().execute(async (trx) => {
      await raiseIssue(
        trx,
        outbound,
        { connection: 'salesforce', objectType: 'registration', localId: local, remoteId: null, ...words },
        NOW,
      );
      await raiseIssue(trx, inbound, { connection: 'hubspot', objectType: 'account', localId: null, remoteId: '001', ...words }, NOW);
    }),
  );

  it('are listed in the shape of the contract, by status and connection', async () => {
    const expected = {
      id: outbound,
      connection: 'salesforce',
      objectType: 'registration',
      localId: local,
      remoteId: null,
      category: 'invalid_value',
      message: 'bad value',
      remedy: 'mend it',
      attempts: 1,
      status: 'open',
    };
    expect((await api.call('GET', '/v1/sync/issues?status=open&connection=salesforce')).body).toEqual({
      items: [expected],
      nextCursor: null,
    });
    const first = (await api.call('GET', '/v1/sync/issues?limit=1')).body as Page;
    const second = (await api.call('GET', `/v1/sync/issues?limit=1&cursor=${first.nextCursor}`)).body as Page;
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([outbound, inbound]);
  });

  it('retry queues the record again and closes the issue, once', async () => {
    const queued = () => db.selectFrom('push_queue').select(['connection', 'object_type']).where('local_id', '=', local).execute();
    expect(await queued()).toEqual([]);
    expect((await api.call('POST', `/v1/sync/issues/${outbound}/retry`)).body).toMatchObject({ id: outbound, status: 'resolved' });
    expect(await queued()).toEqual([{ connection: 'salesforce', object_type: 'registration' }]);
    expect((await api.call('POST', `/v1/sync/issues/${outbound}/retry`)).status).toBe(409);
  });

  it('skip sets one aside; it can still be retried, and is open until the row was read again', async () => {
    expect((await api.call('POST', `/v1/sync/issues/${inbound}/skip`)).body).toMatchObject({ status: 'skipped' });
    expect((await api.call('POST', `/v1/sync/issues/${inbound}/skip`)).status).toBe(409);
    expect((await api.call('POST', `/v1/sync/issues/${inbound}/retry`)).body).toMatchObject({ status: 'open' });
    expect((await findIssue(db, inbound))?.status).toBe('open');
  });

  it('are not found under another id', async () => {
    expect((await api.call('POST', '/v1/sync/issues/1/retry')).status).toBe(404);
  });
});
