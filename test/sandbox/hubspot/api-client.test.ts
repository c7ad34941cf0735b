/** HubSpot's own client drives the sandbox: it matches success codes exactly and reads every answer by its models. */

import { Client } from '@hubspot/api-client';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/deals/models/Filter.js';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import {
  PropertyCreateFieldTypeEnum,
  PropertyCreateTypeEnum,
} from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import { openPortal } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

let portal: OpenedPortal;
let client: Client;
beforeAll(async () => {
  portal = await openPortal();
  client = new Client({ accessToken: 'pat-sandbox-integration', basePath: portal.url, numberOfApiCallRetries: 0 });
});
beforeEach(() => portal.reset());
afterAll(() => portal.close());

const HUBSPOT_DEFINED = AssociationSpecAssociationCategoryEnum.HubspotDefined;

it('writes, reads, searches and archives deals', async () => {
  const made = await client.crm.deals.basicApi.create({ properties: { dealname: 'Deal', amount: '25000.00' }, associations: [] });
  expect(made.createdAt).toEqual(new Date('2026-03-02T09:00:00.250Z'));
  await client.crm.deals.basicApi.update(made.id, { properties: { amount: '30000' } });
  const read = await client.crm.deals.basicApi.getById(made.id, ['amount'], ['amount']);
  expect(read.properties['amount']).toBe('30000');
  expect(read.propertiesWithHistory?.['amount']?.map((entry) => [entry.value, entry.sourceType])).toEqual([
    ['30000', 'INTEGRATION'],
    ['25000.00', 'INTEGRATION'],
  ]);
  const found = await client.crm.deals.searchApi.doSearch({
    filterGroups: [{ filters: [{ propertyName: 'amount', operator: FilterOperatorEnum.Gte, value: '30000' }] }],
    sorts: ['hs_lastmodifieddate'],
    properties: ['dealname'],
    limit: 100,
  });
  expect([found.total, found.results[0]?.properties['dealname']]).toEqual([1, 'Deal']);
  await client.crm.deals.basicApi.archive(made.id);
  const archived = await client.crm.deals.basicApi.getPage(10, undefined, undefined, undefined, undefined, true);
  expect(archived.results.map((row) => [row.id, row.archived])).toEqual([[made.id, true]]);
});

it('sees 207 and which row failed', async () => {
  const { httpStatusCode, data } = await client.crm.companies.batchApi.createWithHttpInfo({
    inputs: [
      { properties: { name: 'Good' }, associations: [], objectWriteTraceId: 'good' },
      { properties: { nonsense: 'x' }, associations: [], objectWriteTraceId: 'bad' },
    ],
  });
  expect([httpStatusCode, data.results.length]).toEqual([207, 1]);
  expect('errors' in data ? data.errors?.map((error) => error.context) : null).toEqual([{ objectWriteTraceId: ['bad'] }]);
});

it('upserts, walks lists, and sets associations', async () => {
  const upserted = await client.crm.contacts.batchApi.upsert({
    inputs: [{ id: 'one@acme.example', idProperty: 'email', properties: { firstname: 'One' } }],
  });
  const contactId = upserted.results[0]?.id ?? '';
  const deal = await client.crm.objects.basicApi.create('deals', { properties: { dealname: 'Deal' }, associations: [] });
  await client.crm.associations.v4.basicApi.create('deals', deal.id, 'contacts', contactId, [
    { associationCategory: HUBSPOT_DEFINED, associationTypeId: 3 },
  ]);
  await client.crm.associations.v4.basicApi.createDefault('contacts', contactId, 'deals', deal.id);
  const page = await client.crm.associations.v4.basicApi.getPage('deals', deal.id, 'contacts');
  expect(page.results.map((row) => [row.toObjectId, row.associationTypes[0]?.typeId])).toEqual([[contactId, 3]]);
  await client.crm.associations.v4.batchApi.archive('deals', 'contacts', {
    inputs: [{ _from: { id: deal.id }, to: [{ id: contactId }] }],
  });
  expect((await client.crm.contacts.getAll()).map((row) => row.id)).toEqual([contactId]);
});

it('defines a custom object, a property and a pipeline, and reads owners', async () => {
  const schema = await client.crm.schemas.coreApi.create({
    name: 'deal_registration',
    labels: { singular: 'Deal registration', plural: 'Deal registrations' },
    primaryDisplayProperty: 'registration_id',
    requiredProperties: ['registration_id'],
    searchableProperties: [],
    secondaryDisplayProperties: [],
    associatedObjects: ['COMPANY'],
    properties: [{ name: 'registration_id', label: 'Id', type: 'string' as never, fieldType: 'text', hasUniqueValue: true }],
  });
  const { objectTypeId = '' } = schema;
  await client.crm.properties.coreApi.create(objectTypeId, {
    name: 'customer_name',
    label: 'Customer',
    groupName: 'deal_registration_information',
    type: PropertyCreateTypeEnum.String,
    fieldType: PropertyCreateFieldTypeEnum.Text,
  });
  const pipeline = await client.crm.pipelines.pipelinesApi.create(objectTypeId, {
    label: 'Registrations',
    displayOrder: 0,
    stages: [{ label: 'Submitted', displayOrder: 0, metadata: {} }],
  });
  const made = await client.crm.objects.basicApi.create(schema.fullyQualifiedName ?? '', {
    properties: { registration_id: 'R-1', customer_name: 'Ebersgrund', hs_pipeline_stage: pipeline.stages[0]?.id ?? '' },
    associations: [],
  });
  expect(made.properties['hs_pipeline']).toBe(pipeline.id);
  expect((await client.crm.owners.ownersApi.getPage()).results).toHaveLength(6);
});

it('is refused in the words of HubSpot', async () => {
  await expect(client.crm.deals.basicApi.getById('123')).rejects.toMatchObject({ code: 404 });
  await expect(client.crm.companies.basicApi.create({ properties: { nonsense: 'x' }, associations: [] })).rejects.toMatchObject({
    code: 400,
    body: { category: 'VALIDATION_ERROR', errors: [{ code: 'PROPERTY_DOESNT_EXIST' }] },
  });
});
