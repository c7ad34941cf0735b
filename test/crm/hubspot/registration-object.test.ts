import { filterOf } from '../../../activities/sync/capture.ts';
import { firstOpenStage, stagePlacesOf } from '../../../activities/sync/opportunity-definition.ts';
import { connectHubspot } from '../../../crm/hubspot/connect.ts';
import { provisionPortal } from '../../../crm/hubspot/provision-portal.ts';
import type { HubspotConfig } from '../../../crm/hubspot/session.ts';
import { shippedPortal } from '../../../crm/hubspot/shipped-portal.ts';
import type { CrmPort, ParentReference, WriteOutcome } from '../../../crm/port.ts';
import { checkMapping } from '../../../mappings/check-mapping.ts';
import { checkConversion } from '../../../mappings/conversion-mapping.ts';
import { constantsOf, decodeRow, encodeRecord, fieldOf, remoteFieldsOf, type ObjectMapping } from '../../../mappings/field-mapping.ts';
import { hubspotProfile, REGISTRATION_OBJECTS } from '../../../mappings/hubspot/registration-object.ts';
import type { CanonicalRecord } from '../../../program/merge-plan.ts';
import { OBJECT_TYPES } from '../../../program/vocabulary.ts';
import { bearer, openPortal, type OpenedPortal } from '../../sandbox/hubspot/opened-portal.ts';

jest.setTimeout(60_000);

const CLAIM = {
  status: 'in_review',
  stage: 'in_review',
  customerName: 'Northwind',
  productLines: 'analytics;platform',
  estimatedValue: '25000.00',
  estimatedCurrency: 'USD',
  expectedCloseDate: '2027-01-31',
  description: 'Two sites',
  submittedAt: '2026-11-23T15:00:00.000Z',
} satisfies CanonicalRecord;

describe.each(REGISTRATION_OBJECTS)('registrations in a portal that keeps them in %s', (object) => {
  const { mapping, conversion } = hubspotProfile(object);
  const { registration, opportunity } = mapping;
  let portal: OpenedPortal;
  let config: HubspotConfig;
  let crm: CrmPort;
  let rep: CrmPort;
  let partner: string;
  let customer: string;

  beforeEach(async () => {
    portal = await openPortal();
    config = {
      connection: 'hubspot',
      baseUrl: portal.url,
      accessToken: 'pat-sandbox-integration',
      apiVersion: '2026-09',
      requestTimeoutMs: 10_000,
      patience: { repeats: 0, pauseMs: 0 },
    };
    await provisionPortal(config, shippedPortal(object));
    crm = connectHubspot(config);
    rep = connectHubspot({ ...config, accessToken: 'pat-sandbox-rep' });
    partner = await portal.add('companies', { name: 'Aster', partner_id: 'p-1' });
    customer = await portal.add('companies', { name: 'Northwind' });
    await portal.control('clock', { advanceMs: 60_000 });
  });
  afterEach(() => portal.close());

  const idOf = (outcome: WriteOutcome | undefined): string => {
    if (outcome?.kind !== 'written') throw new Error(outcome?.message ?? 'nothing was written');
    return outcome.id;
  };
  const ofPartner: ParentReference = { object: 'companies', field: 'partner_id', value: 'p-1' };
  const dealName = fieldOf(registration, 'dealName') === undefined ? {} : { dealName: 'Northwind: Platform' };
  /** As sync writes it: by our id, the partner by its own. */
  const send = async (registrationId: string, values: CanonicalRecord): Promise<string> => {
    const fields = encodeRecord(registration, { ...values, ...constantsOf(registration), registrationId });
    const target = { kind: 'external_id', field: registration.externalId?.theirs ?? '', value: registrationId } as const;
    const [outcome] = await crm.write(registration.object, [{ target, fields, parents: { 'associations.companies.partner': ofPartner } }]);
    return idOf(outcome);
  };
  const capture = async (what: ObjectMapping) => {
    const { rows } = await crm.capture({ ...filterOf(what), object: what.object, fields: remoteFieldsOf(what), after: null, limit: 100 });
    return new Map(rows.map((row) => [row.id, decodeRow(what, row.fields)]));
  };
  const deal = (properties: object) =>
    portal.add('deals', { dealname: 'Direct', ...properties }, [
      { to: { id: customer }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }] },
    ]);

  it.each(OBJECT_TYPES)('fit a portal that was provisioned for it: %s', async (objectType) => {
    expect(checkMapping(mapping[objectType], await crm.describe(mapping[objectType].object))).toEqual([]);
  });

  it('fit it as to what is written on opportunities', async () => {
    expect(checkConversion(conversion, await crm.describe(conversion.mapping.object))).toEqual([]);
  });

  it('go out with their stage, and come back as they were', async () => {
    const id = await send('r-1', { ...CLAIM, ...dealName, customerAccount: customer });
    const captured = await capture(registration);
    expect([...captured.keys()]).toEqual([id]);
    expect(captured.get(id)).toEqual({
      problems: [],
      values: expect.objectContaining({
        ...CLAIM,
        ...constantsOf(registration),
        registrationId: 'r-1',
        partner,
        customerAccount: customer,
      }),
    });
    // The same again is the same record.
    expect(await send('r-1', { ...CLAIM, status: 'approved', stage: 'approved' })).toBe(id);
    expect((await capture(registration)).get(id)?.values).toMatchObject({ status: 'approved', stage: 'approved' });
  });

  it("bring a rep's edit and command, with who it was", async () => {
    const id = await send('r-1', { ...CLAIM, ...dealName });
    await portal.control('clock', { advanceMs: 60_000 });
    const edit = { estimatedValue: '30000.00', requestedDecision: 'approve', decisionComment: 'fine', customerAccount: customer };
    idOf((await rep.write(registration.object, [{ target: { kind: 'id', id }, fields: encodeRecord(registration, edit) }]))[0]);
    expect((await capture(registration)).get(id)?.values).toMatchObject(edit);
    const edits = await crm.history(registration.object, [id], ['estimated_value', 'requested_decision']);
    const [owner] = await crm.find('owners', 'email', ['rep@acme.example'], []);
    expect(edits.map(({ field, by, to }) => [field, by, to])).toEqual(
      expect.arrayContaining([
        ['estimated_value', owner?.id, 30_000],
        ['requested_decision', owner?.id, 'approve'],
      ]),
    );
  });

  it('show that a rep dragged one to another stage, and go back', async () => {
    const id = await send('r-1', { ...CLAIM, ...dealName });
    const stage = fieldOf(registration, 'stage')?.theirs ?? '';
    await portal.call(
      'PATCH',
      `/crm/v3/objects/${registration.object}/${id}`,
      { properties: { [stage]: 'registration_approved' } },
      bearer('rep'),
    );
    expect((await capture(registration)).get(id)?.values).toMatchObject({ status: 'in_review', stage: 'approved' });
    await send('r-1', { stage: 'in_review' });
    expect((await capture(registration)).get(id)?.values).toMatchObject({ stage: 'in_review' });
  });

  it('entered by a rep are found without an id', async () => {
    const { pipeline, stage } =
      object === 'deals' ? { pipeline: 'pipeline', stage: 'dealstage' } : { pipeline: 'hs_pipeline', stage: 'hs_pipeline_stage' };
    const properties = { customer_name: 'Contoso', [pipeline]: 'deal_registration', [stage]: 'registration_submitted' };
    const id = await portal.add(registration.object, properties);
    expect((await capture(registration)).get(id)?.values).toMatchObject({ registrationId: null, customerName: 'Contoso' });
  });

  it('are no opportunities, and opportunities are none of them', async () => {
    const claim = await send('r-1', { ...CLAIM, ...dealName });
    const direct = await deal({ pipeline: 'default', dealstage: 'contractsent' });
    const withoutPipeline = await deal({});
    expect([...(await capture(registration)).keys()]).toEqual([claim]);
    expect(new Set((await capture(opportunity)).keys())).toEqual(new Set([direct, withoutPipeline]));
  });

  it('are linked to an opportunity, of which they are the primary', async () => {
    const claim = await send('r-1', { ...CLAIM, ...dealName });
    const direct = await deal({ pipeline: 'default', dealstage: 'contractsent' });
    await send('r-1', { opportunity: direct });
    expect((await capture(registration)).get(claim)?.values).toMatchObject({ opportunity: direct });
    const primary = encodeRecord(conversion.mapping, { primaryRegistration: claim });
    idOf((await crm.write('deals', [{ target: { kind: 'id', id: direct }, fields: primary }]))[0]);
    const [row] = await crm.read('deals', [direct], remoteFieldsOf(conversion.mapping));
    expect(decodeRow(conversion.mapping, row?.fields ?? {}).values).toEqual({ registrationId: null, primaryRegistration: claim });
    expect((await capture(registration)).get(claim)?.values).toMatchObject({ opportunity: direct });
    await send('r-1', { opportunity: null });
    expect((await capture(registration)).get(claim)?.values).toMatchObject({ opportunity: null });
  });

  it('get one opportunity when they are approved, at the first open stage of the sales team, however often it is made', async () => {
    await portal.call('PATCH', `/crm/v3/pipelines/${registration.object}/deal_registration`, { displayOrder: -1 });
    const claim = await send('r-1', { ...CLAIM, ...dealName });
    const stage = await firstOpenStage({ port: crm, mapping }, conversion.stages);
    expect(stage).toMatchObject({ name: 'appointmentscheduled', pipeline: 'default', place: 0 });
    const values = {
      registrationId: 'r-1',
      primaryRegistration: claim,
      name: 'Northwind: Platform',
      account: customer,
      pipeline: stage?.pipeline ?? null,
      stageName: stage?.name ?? null,
      closeDate: '2027-01-31',
      amount: '25000.00',
    };
    const make = async (): Promise<string> => {
      const target = { kind: 'external_id', field: 'converted_registration_id', value: 'r-1' } as const;
      return idOf((await crm.write('deals', [{ target, fields: encodeRecord(conversion.mapping, values) }]))[0]);
    };
    const made = await make();
    expect(await make()).toBe(made);
    const captured = await capture(opportunity);
    expect([...captured.keys()]).toEqual([made]);
    expect(captured.get(made)?.values).toMatchObject({
      account: customer,
      name: 'Northwind: Platform',
      stageName: 'appointmentscheduled',
      isClosed: 'false',
      amount: '25000.00',
      closeDate: '2027-01-31',
    });
    const [found] = await crm.find('deals', 'associations.companies.primary', [customer], remoteFieldsOf(opportunity));
    expect(found?.id).toBe(made);
    await portal.call('PATCH', `/crm/v3/objects/deals/${made}`, { properties: { dealstage: 'closedwon' } }, bearer('rep'));
    expect((await capture(opportunity)).get(made)?.values).toMatchObject({ isClosed: 'true', isWon: 'true' });
  });

  it('tell at which place of its own pipeline an opportunity is', async () => {
    const stages = ['Talk', 'Offer'].map((label, displayOrder) => ({
      stageId: label,
      label,
      displayOrder,
      metadata: { probability: '0.5' },
    }));
    await portal.call('POST', '/crm/v3/pipelines/deals', { pipelineId: 'renewals', label: 'Renewals', displayOrder: 5, stages });
    const places = await stagePlacesOf({ port: crm, mapping });
    expect([places.get('qualifiedtobuy'), places.get('Offer'), places.get('registration_approved')]).toEqual([1, 1, undefined]);
  });

  it('carry tasks', async () => {
    const claim = await send('r-1', { ...CLAIM, ...dealName });
    const { task } = mapping;
    const values = {
      taskId: 't-1',
      title: 'Approve?',
      text: 'Please',
      dueDay: '2026-12-01',
      priority: 'high',
      status: 'open',
      record: claim,
    };
    const target = { kind: 'external_id', field: 'question_id', value: 't-1' } as const;
    const id = idOf((await crm.write('tasks', [{ target, fields: encodeRecord(task, values) }]))[0]);
    expect((await capture(task)).get(id)?.values).toMatchObject(values);
  });
});

it('a registration that a rep moves to a pipeline of the sales team is one there, too, and no opportunity', async () => {
  const portal = await openPortal();
  try {
    const base = {
      connection: 'hubspot',
      baseUrl: portal.url,
      accessToken: 'pat-sandbox-integration',
      apiVersion: '2026-03',
      requestTimeoutMs: 10_000,
    } as const;
    await provisionPortal(base, shippedPortal('deals'));
    const crm = connectHubspot(base);
    const { registration, opportunity } = hubspotProfile('deals').mapping;
    const id = await portal.add('deals', { registration_id: 'r-1', pipeline: 'deal_registration', dealstage: 'registration_submitted' });
    const ids = async (what: ObjectMapping) =>
      (await crm.capture({ ...filterOf(what), object: 'deals', fields: [], after: null, limit: 10 })).rows.map((row) => row.id);
    expect([await ids(registration), await ids(opportunity)]).toEqual([[id], []]);
    await portal.call(
      'PATCH',
      `/crm/v3/objects/deals/${id}`,
      { properties: { pipeline: 'default', dealstage: 'contractsent' } },
      bearer('rep'),
    );
    expect([await ids(registration), await ids(opportunity)]).toEqual([[id], []]);
    await portal.call('PATCH', `/crm/v3/objects/deals/${id}`, { properties: { registration_id: '' } }, bearer('rep'));
    expect([await ids(registration), await ids(opportunity)]).toEqual([[], [id]]);
  } finally {
    await portal.close();
  }
});
