import type { RemoteWrite } from '../../../crm/port.ts';
import { openHubspotFixture, type HubspotFixture } from './sandbox-fixture.ts';
import { connectTo, failureOf, inTurn, openStubPortal, sendJson, type StubPortal } from './stub-portal.ts';

const partner = (id: string, fields: RemoteWrite['fields'] = { name: 'One' }): RemoteWrite => ({
  target: { kind: 'external_id', field: 'partner_id', value: id },
  fields,
});

describe('what no call can carry', () => {
  let portal: StubPortal;
  beforeEach(async () => {
    portal = await openStubPortal();
  });
  afterEach(() => portal.close());

  it('is refused before any call', async () => {
    const crm = connectTo(portal);
    expect(
      (
        await failureOf(
          crm.write(
            'companies',
            Array.from({ length: 101 }, (_row, index) => partner(`p-${index}`)),
          ),
        )
      ).code,
    ).toBe('CRM_REQUEST_INVALID');
    const parents = { name: { object: 'companies', field: 'partner_id', value: 'p-1' } };
    expect(await crm.write('companies', [partner(' '), partner('p-1', { id: '7' }), { ...partner('p-2'), parents }])).toMatchObject([
      { code: 'CRM_REQUEST_INVALID' },
      { code: 'CRM_REQUEST_INVALID', fields: ['id'] },
      { code: 'CRM_FIELD_UNKNOWN', fields: ['name'] },
    ]);
    expect(portal.requests).toEqual([]);
  });

  it('a row twice is refused, and the others are written', async () => {
    portal.answer = (_request, response) =>
      sendJson(response, 200, { results: [{ id: '1', properties: { partner_id: 'p-1' }, objectWriteTraceId: 'row-0', new: true }] });
    expect(await connectTo(portal).write('companies', [partner('p-1'), partner('P-1 ')])).toMatchObject([
      { kind: 'written' },
      { code: 'CRM_REQUEST_INVALID' },
    ]);
    expect(portal.requests[0]?.body.inputs).toHaveLength(1);
  });
});

describe('answers that tell the rows apart in other ways', () => {
  let portal: StubPortal;
  beforeEach(async () => {
    portal = await openStubPortal();
  });
  afterEach(() => portal.close());

  const invalid: StubPortal['answer'] = (_request, response) =>
    sendJson(response, 400, {
      category: 'VALIDATION_ERROR',
      message: 'Property values were not valid: [{"isValid":false,"message":"x was not valid","error":"INVALID_LONG","name":"amount"}]',
    });
  const written: StubPortal['answer'] = (request, response) =>
    sendJson(response, 200, {
      results: request.body.inputs.map(({ id }: { id: string }) => ({ id: `1${id.slice(2)}`, properties: { partner_id: id }, new: true })),
    });

  it('without trace ids, by the external id', async () => {
    portal.answer = (request, response) => {
      const results = request.body.inputs.map(({ id }: { id: string }) => ({
        id: `1${id.slice(2)}`,
        properties: { partner_id: id },
        new: false,
      }));
      sendJson(response, 200, { results: results.toReversed() });
    };
    expect(await connectTo(portal).write('companies', [partner('p-1'), partner('p-2')])).toEqual([
      { kind: 'written', id: '11', created: false },
      { kind: 'written', id: '12', created: false },
    ]);
  });

  it('a batch that is refused whole for one row is halved until the row is found', async () => {
    portal.answer = (request, response) => {
      const ids = request.body.inputs.map(({ id }: { id: string }) => id);
      if (ids.includes('p-3')) invalid(request, response);
      else written(request, response);
    };
    const rows = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5'].map((id) => partner(id));
    expect(
      (await connectTo(portal).write('companies', rows)).map((outcome) => (outcome.kind === 'refused' ? outcome.code : outcome.id)),
    ).toEqual(['11', '12', 'CRM_VALUE_INVALID', '14', '15']);
  });

  describe('a complaint that names no row', () => {
    const answer =
      (bad: readonly string[], status: number): StubPortal['answer'] =>
      (request, response) => {
        const ids = request.body.inputs.map(({ id }: { id: string }) => id);
        const good = ids.filter((id: string) => !bad.includes(id));
        const errors = good.length === ids.length ? [] : [{ status: 'error', category: 'VALIDATION_ERROR', message: 'too long' }];
        const results = good.map((id: string) => ({ id: `1${id.slice(2)}`, properties: { partner_id: id }, new: true }));
        sendJson(response, status, { results, ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }) });
      };
    const told = async (ids: readonly string[]) =>
      (
        await connectTo(portal).write(
          'companies',
          ids.map((id) => partner(id)),
        )
      ).map((outcome) => (outcome.kind === 'refused' ? `${outcome.code} ${outcome.message}` : outcome.id));
    const refused = 'CRM_VALUE_INVALID VALIDATION_ERROR: too long';

    it('is that of the only row of the call', async () => {
      portal.answer = answer(['p-1'], 207);
      expect([await told(['p-1']), portal.requests.length]).toEqual([[refused], 1]);
    });

    it('is that of the only row of which nothing else is said', async () => {
      portal.answer = answer(['p-2'], 207);
      expect([await told(['p-1', 'p-2', 'p-3']), portal.requests.length]).toEqual([['11', refused, '13'], 1]);
    });

    it('is found by halving where it may be that of several, under a status of success as well', async () => {
      portal.answer = answer(['p-2', 'p-4'], 200);
      expect(await told(['p-1', 'p-2', 'p-3', 'p-4'])).toEqual(['11', refused, '13', refused]);
      // What was told is not asked for again.
      expect(portal.requests.map(({ body }) => body.inputs.length)).toEqual([4, 1, 1]);
    });

    it('of all rows of a call keeps HubSpot’s words', async () => {
      portal.answer = answer(['p-1', 'p-2', 'p-3'], 207);
      expect(await told(['p-1', 'p-2', 'p-3'])).toEqual([refused, refused, refused]);
    });
  });

  it('what was written before a failure is told, and the rest is to be written again', async () => {
    portal.answer = inTurn(
      (request, response) => written(request, response),
      (_request, response) => response.destroy(),
    );
    const byId: RemoteWrite = { target: { kind: 'id', id: '77' }, fields: { name: 'Two' } };
    expect(await connectTo(portal).write('companies', [byId, partner('p-1')])).toMatchObject([
      { kind: 'refused', code: 'CRM_UNAVAILABLE', retryable: true },
      { kind: 'written', id: '11' },
    ]);
  });

  it.each([
    [
      400,
      'email',
      'Cannot set PropertyValueCoordinates{portalId=1, propertyName=email, value=a@b.example} on 55. 66 already has that value.',
      true,
    ],
    [409, 'email', 'Contact already exists. Existing ID: 66', true],
    [400, 'email', 'Cannot set PropertyValueCoordinates{portalId=1, propertyName=phone, value=1} on 55. 66 already has that value.', false],
    [409, 'member_id', 'Contact already exists. Existing ID: 66', false],
  ])('a record that came to have the value that we go by is written, and no other (%i, %s)', async (status, field, message, isAdopted) => {
    portal.answer = inTurn(
      (_request, response) => sendJson(response, status, { category: status === 409 ? 'CONFLICT' : 'VALIDATION_ERROR', message }),
      (request, response) =>
        sendJson(response, 200, { results: request.body.inputs.map(({ id }: { id: string }) => ({ id, properties: {} })) }),
    );
    const row = { target: { kind: 'external_id', field, value: 'a@b.example' }, fields: { firstname: 'A' } } as const;
    const [outcome] = await connectTo(portal).write('contacts', [row]);
    expect(outcome).toMatchObject(isAdopted ? { kind: 'written', id: '66', created: false } : { kind: 'refused', code: 'CRM_DUPLICATE' });
    expect(JSON.stringify(outcome)).not.toContain('a@b.example');
    expect(portal.requests.at(-1)?.path).toMatch(isAdopted ? /batch\/update$/ : /batch\/upsert$/);
  });
});

describe('in the sandbox', () => {
  let fixture: HubspotFixture;
  beforeEach(async () => {
    fixture = await openHubspotFixture();
  });
  afterEach(() => fixture.close());

  it('an owner who is none is refused as such', async () => {
    expect(await fixture.crm.write('companies', [partner('p-1', { hubspot_owner_id: '123' })])).toMatchObject([
      { kind: 'refused', code: 'CRM_OWNER_INVALID', fields: ['hubspot_owner_id'] },
    ]);
  });

  it('a property that nobody may write is refused as such', async () => {
    expect(await fixture.crm.write('companies', [partner('p-1', { hs_object_source: 'x' })])).toMatchObject([
      { kind: 'refused', code: 'CRM_PERMISSION_DENIED', fields: ['hs_object_source'] },
    ]);
  });

  it('a task without a due date has the present one, and other required properties are missed', async () => {
    const [task] = await fixture.crm.write('tasks', [
      { target: { kind: 'external_id', field: 'question_id', value: 'q-1' }, fields: { hs_task_subject: 'Decide' } },
    ]);
    expect(task).toMatchObject({ kind: 'written', created: true });
    const [row] = await fixture.crm.find('tasks', 'question_id', ['q-1'], ['hs_timestamp']);
    expect(row?.fields['hs_timestamp']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('a locked batch is not halved without end', async () => {
    await fixture.control('faults', {
      rules: [{ method: 'POST', path: '/crm/objects/*/batch/upsert', nth: 1, times: 1_000, fault: 'row_lock' }],
    });
    await fixture.forgetCalls();
    const outcomes = await fixture.crm.write(
      'companies',
      Array.from({ length: 100 }, (_row, index) => partner(`p-${index}`)),
    );
    expect(new Set(outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.code : 'written')))).toEqual(
      new Set(['CRM_RECORD_LOCKED']),
    );
    expect(await fixture.calls()).toBeLessThan(40);
  });

  it('deleted records cannot be brought back over this connection', async () => {
    expect(await fixture.crm.restore('companies', ['1'])).toMatchObject([
      { kind: 'refused', code: 'CRM_REQUEST_INVALID', retryable: false },
    ]);
  });
});
