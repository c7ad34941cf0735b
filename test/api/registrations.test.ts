import { NO_FACTS } from '../../program/claim.ts';
import type { Database } from '../../store/database.ts';
import {
  apiDependencies,
  mediaTypeOf,
  NOW,
  PARTNER,
  registrationBody,
  startTestApi,
  type ApiAnswer,
  type TestApi,
} from '../support/api.ts';
import { createDecisionStage, type DecisionStage } from '../support/decision-stage.ts';
import { startTestPostgres, type TestPostgres } from '../support/postgres.ts';
import { inParallel } from '../support/until.ts';

let postgres: TestPostgres | undefined;
let db: Database;
let api: TestApi;
let stage: DecisionStage;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ db } = await postgres.openEmpty());
  stage = createDecisionStage(db, { now: () => NOW });
  api = await startTestApi(
    apiDependencies(db, {
      preview: async (claim) => ({
        verdict: {
          outcome: 'wait',
          waitFor: ['x'],
          reasons: [{ rule: 'C03_competing_pending', message: `on ${claim.productLines.join('+')}` }],
          trace: [],
          lines: claim.productLines,
        },
        approval: null,
        protection: null,
      }),
    }),
  );
  for (const id of ['P-1', 'P-2']) await api.call('PUT', `/v1/partners/${id}`, PARTNER);
}, 60_000);

afterAll(async () => {
  await api?.close();
  await postgres?.stop();
});

let count = 0;
/** A customer and an external id of its own, so that claims do not meet. */
function freshBody(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  count += 1;
  return registrationBody({
    externalId: `fresh-${count}`,
    customer: { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US' },
    ...changes,
  });
}

async function register(body: Record<string, unknown>): Promise<Answered> {
  const answer = await api.call('POST', '/v1/registrations', body);
  expect(answer.status).toBe(201);
  return answer.body;
}

interface Answered {
  readonly id: string;
  readonly partnerId: string;
  readonly externalId: string;
  readonly status: string;
}

describe('PUT /v1/partners/{externalId}', () => {
  it('creates a partner, answers the same again without a change, and changes it to what is sent', async () => {
    const created = await api.call('PUT', '/v1/partners/P-new', { ...PARTNER, domain: 'Aster.Example', manager: 'director' });
    expect([created.status, created.body]).toEqual([
      200,
      {
        ...PARTNER,
        domain: 'aster.example',
        manager: 'director',
        regions: [],
        companyNumber: null,
        email: null,
        id: expect.any(String),
        externalId: 'P-new',
      },
    ]);
    const { id } = created.body as { id: string };
    const pushes = (): Promise<readonly { version: string }[]> =>
      db.selectFrom('push_queue').select('version').where('local_id', '=', id).execute();
    const first = await pushes();
    expect(first).toHaveLength(1);

    await api.call('PUT', '/v1/partners/P-new', { ...PARTNER, manager: 'director' });
    expect(await pushes()).toEqual(first);

    const changed = await api.call('PUT', '/v1/partners/P-new', { ...PARTNER, status: 'suspended' });
    expect(changed.body).toEqual({
      ...PARTNER,
      status: 'suspended',
      manager: null,
      regions: [],
      companyNumber: null,
      email: null,
      id,
      externalId: 'P-new',
    });
    expect(await pushes()).toHaveLength(1);
    expect(await pushes()).not.toEqual(first);
    const audit = await db
      .selectFrom('audit_entry')
      .select(['kind', 'details'])
      .where('subject', '=', `partner/${id}`)
      .orderBy('id')
      .execute();
    expect(audit).toEqual([
      { kind: 'created', details: expect.anything() },
      { kind: 'changed', details: { fields: ['status', 'manager'] } },
    ]);
  });

  it('is found by our id and by its external id, with any character in it', async () => {
    const { id } = (await api.call('PUT', `/v1/partners/${encodeURIComponent('A/S Ørsted ü')}`, PARTNER)).body as { id: string };
    expect((await api.call('GET', `/v1/partners/${id}`)).body).toMatchObject({ externalId: 'A/S Ørsted ü' });
    expect((await api.call('GET', `/v1/partners/${encodeURIComponent('A/S Ørsted ü')}`)).body).toMatchObject({ id });
  });

  it('never takes over another partner whose id here is used as an external id', async () => {
    const { id } = (await api.call('GET', '/v1/partners/P-1')).body as { id: string };
    expect((await api.call('PUT', `/v1/partners/${id}`, { ...PARTNER, name: 'Impostor' })).status).toBe(409);
    expect((await api.call('GET', '/v1/partners/P-1')).body).toMatchObject({ name: PARTNER.name });
  });

  it('makes one partner of many requests at once', async () => {
    const answers = await inParallel([...'12345678'], 8, () => api.call('PUT', '/v1/partners/P-many', PARTNER));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
  });
});

describe('POST /v1/registrations', () => {
  it('answers exactly the shape of the contract, and leaves a message that starts the workflow', async () => {
    const answer = await api.call('POST', '/v1/registrations', freshBody({ externalId: 'shape', partnerId: 'P-1' }));
    const partner = (await api.call('GET', '/v1/partners/P-1')).body as { id: string };
    expect([answer.status, answer.headers.get('location')]).toEqual([201, `/v1/registrations/${(answer.body as Answered).id}`]);
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      externalId: 'shape',
      partnerId: partner.id,
      status: 'submitted',
      kind: 'resale',
      customer: { name: `Customer ${count}`, domain: `customer${count}.example`, country: 'US', postalCode: null, companyNumber: null },
      contact: { name: 'Dana Reed', email: 'dana.reed@northwind.example' },
      productLines: ['platform', 'analytics'],
      estimatedValue: { amount: '25000.00', currency: 'USD' },
      expectedCloseDate: '2027-01-31',
      description: 'Two sites, first phase in spring.',
      facts: NO_FACTS,
      submittedAt: NOW,
      decidedAt: null,
      protection: null,
      extension: null,
      transfer: null,
      review: null,
      approval: null,
      decision: null,
      conflicts: [],
      links: [],
      opportunity: null,
      updatedAt: NOW,
    });
    expect((await api.call('GET', `/v1/registrations/${(answer.body as Answered).id}`)).body).toEqual(answer.body);
    expect(await stage.messages(`registration/${(answer.body as Answered).id}`)).toEqual([{ kind: 'start_registration', payload: {} }]);
  });

  it('takes the kind of the partner’s track where none is named, and the partner by our id', async () => {
    const { id } = (await api.call('PUT', '/v1/partners/P-ref', { ...PARTNER, type: 'referral', track: 'referral', tier: null })).body as {
      id: string;
    };
    expect(await register(freshBody({ partnerId: id }))).toMatchObject({ kind: 'referral', partnerId: id });
  });

  it.each([
    ['the same body', (body: Record<string, unknown>) => body],
    [
      'the lines in another order and the amount written otherwise',
      (body: Record<string, unknown>) => ({
        ...body,
        productLines: ['analytics', 'platform'],
        estimatedValue: { currency: 'USD', amount: '025000' },
      }),
    ],
    ['the kind that was taken before named', (body: Record<string, unknown>) => ({ ...body, kind: 'resale' })],
    [
      'the domain in capitals',
      (body: Record<string, unknown>) => ({ ...body, customer: { ...(body['customer'] as object), domain: `CUSTOMER${count}.example.` } }),
    ],
  ])('answers 200 and the registration that exists to %s', async (_what, again) => {
    const body = freshBody();
    const first = await register(body);
    const second = await api.call('POST', '/v1/registrations', again(body));
    expect([second.status, second.body]).toEqual([200, first]);
  });

  it('answers 409 and the fields that differ to other content under the same id, and changes nothing', async () => {
    const body = freshBody();
    const first = await register(body);
    const second = await api.call('POST', '/v1/registrations', {
      ...body,
      customer: { ...(body['customer'] as object), country: 'DE' },
      productLines: ['automation'],
      estimatedValue: { amount: '25000.01', currency: 'USD' },
      description: 'Another.',
    });
    expect([
      second.status,
      mediaTypeOf(second),
      (second.body as { errors: readonly { field: string }[] }).errors.map(({ field }) => field),
    ]).toEqual([409, 'application/problem+json', ['customer.country', 'productLines', 'estimatedValue.amount', 'description']]);
    expect((await api.call('GET', `/v1/registrations/${first.id}`)).body).toEqual(first);
  });

  it('knows a claim again by what was sent first and by what it was amended to, and by nothing else', async () => {
    const body = freshBody();
    const { id } = await register(body);
    await stage.command(id, { kind: 'amend', actor: 'partner' }, { amendment: { description: 'Amended.' } });
    const repeat = async (description: unknown): Promise<readonly unknown[]> => {
      const answer = await api.call('POST', '/v1/registrations', { ...body, description });
      return [answer.status, (answer.body as { description?: string }).description];
    };
    expect(await repeat(body['description'])).toEqual([200, 'Amended.']);
    expect(await repeat('Amended.')).toEqual([200, 'Amended.']);
    expect((await repeat('Neither.'))[0]).toBe(409);
  });

  it('keeps the same external id of two partners apart', async () => {
    const body = freshBody();
    const [one, other] = [await register(body), await register({ ...body, partnerId: 'P-2' })];
    expect(one.id).not.toBe(other.id);
  });

  it('keeps one of many that come in at once under one id, also with different customers', async () => {
    const bodies = [...'12345678'].map((digit) =>
      freshBody({ externalId: 'at-once', estimatedValue: { amount: `2500${digit}.00`, currency: 'USD' } }),
    );
    const answers = await inParallel(bodies, 8, (body) => api.call('POST', '/v1/registrations', body));
    expect(Map.groupBy(answers, ({ status }) => status).get(201)).toHaveLength(1);
    expect(Map.groupBy(answers, ({ status }) => status).get(409)).toHaveLength(7);
  });
});

describe('POST /v1/registrations/preview', () => {
  it('answers what the program would say and stores nothing; a claim that would wait is one under review', async () => {
    const before = await db.selectFrom('registration').select('id').execute();
    const answer = await api.call('POST', '/v1/registrations/preview', freshBody());
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        outcome: 'review',
        reasons: [{ rule: 'C03_competing_pending', message: 'on platform+analytics' }],
        route: null,
        approval: null,
        protection: null,
        outlook: [],
        programVersion: '2026.1',
      },
    ]);
    expect(await db.selectFrom('registration').select('id').execute()).toEqual(before);
  });

  it('refuses what a registration would be refused for', async () => {
    expect((await api.call('POST', '/v1/registrations/preview', freshBody({ partnerId: 'P-404' }))).status).toBe(400);
  });
});

describe('GET /v1/registrations', () => {
  async function allPages(query: string): Promise<readonly Answered[]> {
    const items: Answered[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: ApiAnswer = await api.call('GET', `/v1/registrations?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      const page = answer.body as { items: readonly Answered[]; nextCursor: string | null };
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  it('gives every registration of a partner once, in the order of receipt, whatever the size of a page', async () => {
    await api.call('PUT', '/v1/partners/P-list', PARTNER);
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await register(freshBody({ partnerId: 'P-list' }))).id);
    for (const limit of [1, 2, 4, 5, 6]) expect((await allPages(`partnerId=P-list&limit=${limit}`)).map(({ id }) => id)).toEqual(ids);
  });

  it('filters by status', async () => {
    const { id } = await register(freshBody({ partnerId: 'P-list', estimatedValue: { amount: '1000.00', currency: 'USD' } }));
    await stage.evaluate(id);
    expect((await allPages('partnerId=P-list&status=denied')).map((item) => item.id)).toEqual([id]);
    expect(await allPages('partnerId=P-list&status=approved')).toEqual([]);
  });
});

describe('a registration that was decided', () => {
  it('shows protection, decision and decidedAt once it is approved', async () => {
    const { id } = await register(freshBody());
    await stage.evaluate(id);
    expect((await api.call('GET', `/v1/registrations/${id}`)).body).toMatchObject({
      status: 'approved',
      decidedAt: NOW,
      protection: { from: NOW, until: '2027-02-21T15:00:00.000Z' },
      decision: { outcome: 'approve', reasons: [expect.objectContaining({ rule: 'routing' })], programVersion: '2026.1' },
      review: null,
    });
  });

  it('shows step, approver and deadline while a person is asked', async () => {
    const { id } = await register(freshBody({ estimatedValue: { amount: '90000.00', currency: 'USD' } }));
    await stage.evaluate(id);
    expect((await api.call('GET', `/v1/registrations/${id}`)).body).toMatchObject({
      status: 'in_review',
      review: { step: 'partner_manager', approver: 'manager', dueAt: '2026-11-24T15:00:00.000Z' },
      decision: null,
    });
  });

  it('explains itself to insiders in full, and to partners without what it says of a rival', async () => {
    const body = freshBody();
    const winner = await register(body);
    await stage.evaluate(winner.id);
    const { id } = await register({ ...body, externalId: 'rival', partnerId: 'P-2' });
    await stage.evaluate(id);
    const insider = await api.call('GET', `/v1/registrations/${id}/explanation?audience=internal`);
    expect(insider.body).toMatchObject({
      registrationId: id,
      audience: 'internal',
      outcome: 'deny',
      programVersion: '2026.1',
      decidedAt: NOW,
    });
    expect(insider.text).toContain(winner.id);
    for (const query of ['', '?audience=partner']) {
      const partner = await api.call('GET', `/v1/registrations/${id}/explanation${query}`);
      expect(partner.body).toMatchObject({ audience: 'partner', outcome: 'deny' });
      expect(partner.text).not.toContain(winner.id);
    }
  });

  it('has no explanation before it was judged', async () => {
    const { id } = await register(freshBody());
    const answer = await api.call('GET', `/v1/registrations/${id}/explanation`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([404, '1']);
  });

  it.each([
    '/v1/registrations/DR-1',
    '/v1/registrations/00000000-0000-4000-8000-000000000000',
    '/v1/registrations/nobody/explanation',
    '/v1/partners/%00',
    '/v1/cases/1',
  ])('is not found at %s', async (url) => {
    const answer = await api.call('GET', url);
    expect([answer.status, mediaTypeOf(answer)]).toEqual([404, 'application/problem+json']);
  });
});
