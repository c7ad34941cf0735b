import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Signature } from '@hubspot/api-client';
import { SubscriptionCreateRequestEventTypeEnum as EventType } from '@hubspot/api-client/lib/codegen/webhooks/models/SubscriptionCreateRequest.js';
import { until } from '../../support/until.ts';
import { startWebhookReceiver } from '../../support/webhook-receiver.ts';
import type { TestReceiver } from '../../support/webhook-receiver.ts';
import { bearer, OBJECTS, openPortal, PORTAL_START } from './opened-portal.ts';
import type { OpenedPortal } from './opened-portal.ts';

// One test waits for HubSpot's time-out of five seconds.
jest.setTimeout(20_000);

let portal: OpenedPortal;
let receiver: TestReceiver;
beforeAll(async () => {
  portal = await openPortal();
});
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  await portal.reset();
  await portal.control('webhooks', { duplicateEvery: 0, inOrder: true });
});
afterEach(() => receiver.close());
afterAll(() => portal.close());

const APP = 900_100;
const PREFIX = `/webhooks/v3/${APP}`;
const SECRET = 'sandbox-client-secret';
const MINUTE_MS = 60_000;

type Event = Record<string, unknown> & { eventId: number; objectId: number; attemptNumber: number };

const developer = (method: string, path: string, body?: object) =>
  portal.call(method, `${PREFIX}${path}?hapikey=key`, body, { authorization: '' });
const settings = (targetUrl: string) => ({ targetUrl, throttling: { maxConcurrentRequests: 10 } });

async function subscribe(...subscriptions: object[]): Promise<void> {
  expect((await developer('PUT', '/settings', settings(receiver.url))).status).toBe(200);
  for (const subscription of subscriptions)
    expect((await developer('POST', '/subscriptions', { active: true, ...subscription })).status).toBe(201);
}

const batches = (): Event[][] => receiver.received.map(({ body }) => JSON.parse(body) as Event[]);

/** Waits until `count` events came, whatever was answered. */
const events = (count: number) =>
  until(`${count} events`, async () => {
    const all = batches().flat();
    return all.length >= count ? all : null;
  });
const settled = () => until('all events settled', async () => (await portal.control('webhooks')).body.waiting === 0);
const state = async () => (await portal.control('webhooks')).body;

describe('the settings of an app', () => {
  it('are made, read, changed and deleted by HubSpot’s client with a developer’s key', async () => {
    const client = new Client({ developerApiKey: 'key', basePath: portal.url, numberOfApiCallRetries: 0 });
    const { settingsApi, subscriptionsApi } = client.webhooks;
    expect(await settingsApi.configure(APP, settings(receiver.url))).toMatchObject({
      targetUrl: receiver.url,
      createdAt: new Date(PORTAL_START),
    });
    expect((await settingsApi.getAll(APP)).throttling.maxConcurrentRequests).toBe(10);
    const made = await subscriptionsApi.create(APP, { eventType: EventType.ContactPropertyChange, propertyName: 'email', active: false });
    expect(made).toMatchObject({ active: false, propertyName: 'email' });
    expect((await subscriptionsApi.update(Number(made.id), APP, { active: true })).active).toBe(true);
    expect((await subscriptionsApi.getAll(APP)).results.map((each) => each.id)).toEqual([made.id]);
    await subscriptionsApi.archive(Number(made.id), APP);
    expect((await subscriptionsApi.getAll(APP)).results).toEqual([]);
    await settingsApi.clear(APP);
    await expect(settingsApi.getAll(APP)).rejects.toMatchObject({ code: 404 });
  });

  it.each(['/webhooks/v3', '/webhooks/2026-03', '/app-webhooks/2026-03', '/app-webhooks/2026-09'])('stand under %s', async (prefix) => {
    await subscribe({ eventType: 'deal.creation' });
    const listed = await portal.call('GET', `${prefix}/${APP}/subscriptions`);
    expect([listed.status, listed.body.results[0].eventType]).toEqual([200, 'deal.creation']);
    const input = { inputs: [{ id: Number(listed.body.results[0].id), active: false }] };
    const updated = await portal.call('POST', `${prefix}/${APP}/subscriptions/batch/update`, input);
    expect([updated.status, updated.body.results[0].active]).toEqual([200, false]);
    expect((await portal.call('GET', `${prefix}/${APP}/settings`, undefined, { authorization: '' })).status).toBe(401);
  });

  it.each(['http://192.0.2.7/hooks', 'https://example.com/hooks', 'http://127.0.0.1.example.com/', 'ftp://localhost/', 'nowhere'])(
    'do not send anything to %s',
    async (targetUrl) => {
      const refused = await developer('PUT', '/settings', settings(targetUrl));
      expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('targetUrl')]);
    },
  );

  it.each([
    [{ eventType: 'contact.birthday' }],
    [{ eventType: 'contact.propertyChange' }],
    [{ eventType: 'contact.creation', propertyName: 'email' }],
    [{ eventType: 'object.creation' }],
    [{ eventType: 'object.creation', objectTypeId: '2-9' }],
    [{ eventType: 'contact.creation', objectTypeId: '0-1' }],
    [{ eventType: 'deal.propertyChange', propertyName: 'hs_lastmodifieddate' }],
  ])('take no subscription to %j', async (subscription) => {
    expect((await developer('POST', '/subscriptions', subscription)).status).toBe(400);
  });

  it('have each subscription once', async () => {
    await subscribe({ eventType: 'deal.creation' });
    expect((await developer('POST', '/subscriptions', { eventType: 'deal.creation' })).status).toBe(409);
  });
});

describe('an event', () => {
  it('tells of a creation and of the values that came with it, in the form of HubSpot', async () => {
    await subscribe({ eventType: 'contact.creation' }, { eventType: 'contact.propertyChange', propertyName: 'email' });
    const id = await portal.add('contacts', { email: 'one@acme.example', firstname: 'One' });
    const [creation, change] = await events(2);
    expect(creation).toEqual({
      eventId: expect.any(Number),
      subscriptionId: expect.any(Number),
      portalId: 424_242,
      appId: APP,
      occurredAt: PORTAL_START,
      subscriptionType: 'contact.creation',
      attemptNumber: 0,
      objectId: Number(id),
      changeFlag: 'CREATED',
      changeSource: 'INTEGRATION',
      sourceId: String(APP),
    });
    expect(change).toMatchObject({ subscriptionType: 'contact.propertyChange', propertyName: 'email', propertyValue: 'one@acme.example' });
  });

  it('names the person who made the change, and comes of no write that changed nothing', async () => {
    const id = await portal.add('deals', { dealname: 'Before', amount: '1' });
    await subscribe(...['dealname', 'amount'].map((propertyName) => ({ eventType: 'deal.propertyChange', propertyName })));
    for (const dealname of ['Before', 'After'])
      await portal.call('PATCH', `${OBJECTS}/deals/${id}`, { properties: { dealname, amount: '1' } }, bearer('rep'));
    const seen = await events(1);
    await settled();
    expect(seen).toEqual(batches().flat());
    expect(seen).toMatchObject([{ propertyName: 'dealname', propertyValue: 'After', changeSource: 'CRM_UI', sourceId: 'userId:60000004' }]);
  });

  it('names a workflow or an import as its source, as the history of the value does', async () => {
    const id = await portal.add('deals', { dealname: 'Before' });
    await subscribe({ eventType: 'deal.propertyChange', propertyName: 'dealname' });
    const change = { objectType: 'deals', id, properties: { dealname: 'After' }, source: 'AUTOMATION', sourceId: 'enrollmentId:7' };
    expect((await portal.control('changes', change)).status).toBe(200);
    expect(await events(1)).toMatchObject([{ propertyValue: 'After', changeSource: 'AUTOMATION', sourceId: 'enrollmentId:7' }]);
    const { body } = await portal.call('GET', `${OBJECTS}/deals/${id}?propertiesWithHistory=dealname`);
    expect(body.propertiesWithHistory.dealname[0]).toMatchObject({ sourceType: 'AUTOMATION', sourceId: 'enrollmentId:7' });
    expect((await portal.control('changes', { ...change, properties: { nonsense: 'x' } })).status).toBe(400);
    expect((await portal.control('changes', { ...change, source: 'NOBODY' })).status).toBe(400);
  });

  it('comes of custom objects, tasks and notes by the generic types, with the type of the object', async () => {
    const schema = { name: 'thing', labels: { singular: 'Thing', plural: 'Things' }, properties: [], associatedObjects: ['DEAL'] };
    const { objectTypeId } = (await portal.call('POST', '/crm-object-schemas/v3/schemas', schema)).body;
    await subscribe(...[objectTypeId, '0-46'].map((type) => ({ eventType: 'object.creation', objectTypeId: type })));
    const thing = await portal.add(objectTypeId, {});
    await portal.add('notes', { hs_timestamp: '2026-03-02T09:00:00Z' });
    await portal.add('tasks', { hs_timestamp: '2026-03-02T09:00:00Z' });
    const seen = await events(2);
    await settled();
    expect(batches().flat()).toHaveLength(2);
    expect(seen).toMatchObject([
      { subscriptionType: 'object.creation', objectTypeId, objectId: Number(thing) },
      { subscriptionType: 'object.creation', objectTypeId: '0-46' },
    ]);
  });

  it('tells of deletion, restore, merge and deletion for privacy', async () => {
    const kinds = ['deletion', 'restore', 'merge', 'privacyDeletion'];
    const [one, two] = [await portal.add('contacts', { email: '1@acme.example' }), await portal.add('contacts', { lastname: 'Two' })];
    await subscribe(...kinds.map((kind) => ({ eventType: `contact.${kind}` })));
    await portal.call('DELETE', `${OBJECTS}/contacts/${one}`);
    await portal.control('restore', { objectType: 'contacts', ids: [one], as: 'rep2' });
    const merge = { primaryObjectId: one, objectIdToMerge: two };
    const { id } = (await portal.call('POST', `${OBJECTS}/contacts/merge`, merge, bearer('rep'))).body;
    await portal.call('POST', `${OBJECTS}/contacts/gdpr-delete`, { objectId: id });
    const seen = await events(5);
    expect(seen.map((event) => event['subscriptionType'])).toEqual(
      ['deletion', 'restore', 'merge', 'privacyDeletion', 'deletion'].map((kind) => `contact.${kind}`),
    );
    expect(seen[0]).toMatchObject({ objectId: Number(one), changeFlag: 'DELETED' });
    expect(seen[1]).toMatchObject({ objectId: Number(one), changeSource: 'CRM_UI', sourceId: 'userId:60000005' });
    expect(seen[2]).toMatchObject({
      primaryObjectId: Number(one),
      mergedObjectIds: [Number(two)],
      newObjectId: Number(id),
      numberOfPropertiesMoved: 1,
    });
  });

  it('tells of both sides of an association, of each of its types, and of its end', async () => {
    const [company, deal] = [await portal.add('companies', { name: 'A' }), await portal.add('deals', { dealname: 'D' })];
    await subscribe(
      { eventType: 'deal.associationChange' },
      { eventType: 'company.associationChange' },
      { eventType: 'object.associationChange', objectTypeId: '0-3' },
    );
    const path = `/crm/v4/objects/deals/${deal}/associations/companies/${company}`;
    const primary = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
    for (const _ of [1, 2]) await portal.call('PUT', path, primary);
    const added = await events(6);
    const told = (event: Event) => [
      event['subscriptionType'],
      event['associationType'],
      event['isPrimaryAssociation'],
      event['associationTypeId'],
    ];
    expect(added.map(told)).toEqual([
      ['deal.associationChange', 'DEAL_TO_COMPANY', false, undefined],
      ['object.associationChange', 'DEAL_TO_COMPANY', false, 341],
      ['company.associationChange', 'COMPANY_TO_DEAL', false, undefined],
      ['deal.associationChange', 'DEAL_TO_COMPANY', true, undefined],
      ['object.associationChange', 'DEAL_TO_COMPANY', true, 5],
      ['company.associationChange', 'COMPANY_TO_DEAL', true, undefined],
    ]);
    expect(added[0]).toMatchObject({ fromObjectId: Number(deal), toObjectId: Number(company), associationRemoved: false });
    await portal.call('DELETE', path);
    await events(12);
    await settled();
    expect(
      batches()
        .flat()
        .slice(6)
        .map((event) => event['associationRemoved']),
    ).toEqual(Array(6).fill(true));
  });

  it('comes of no write that was refused, nor of a subscription that sleeps', async () => {
    await subscribe({ eventType: 'deal.creation' }, { eventType: 'company.creation', active: false });
    const associations = [{ to: { id: '1' }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }] }];
    expect((await portal.call('POST', `${OBJECTS}/deals`, { properties: { dealname: 'D' }, associations })).status).toBe(404);
    await portal.add('companies', { name: 'A' });
    const id = await portal.add('deals', { dealname: 'E' });
    await events(1);
    await settled();
    expect(batches().flat()).toMatchObject([{ objectId: Number(id) }]);
  });
});

describe('a delivery', () => {
  const creations = (count: number) =>
    portal.call('POST', `${OBJECTS}/companies/batch/create`, {
      inputs: Array.from({ length: count }, (_, index) => ({ properties: { name: `C${index}` } })),
    });

  it('is signed as HubSpot’s own client checks it, by both versions', async () => {
    await portal.control('apps', { apps: [{ clientId: 'ours', clientSecret: 'right', appId: APP }] });
    await subscribe({ eventType: 'company.creation' });
    await portal.add('companies', { name: 'Größe' });
    await events(1);
    const [{ headers, body } = { headers: {} as Record<string, string>, body: '' }] = receiver.received;
    const timestamp = Number(headers['x-hubspot-request-timestamp']);
    const given = { requestBody: body, url: receiver.url, method: 'POST', timestamp };
    const valid = (clientSecret: string, signatureVersion: string, signature = '') =>
      Signature.isValid({ ...given, clientSecret, signatureVersion, signature });
    expect(valid('right', 'v3', headers['x-hubspot-signature-v3'])).toBe(true);
    expect(valid(SECRET, 'v3', headers['x-hubspot-signature-v3'])).toBe(false);
    expect([headers['x-hubspot-signature-version'], valid('right', 'v1', headers['x-hubspot-signature'])]).toEqual(['v1', true]);
  });

  it('has at most a hundred events, in no order', async () => {
    await subscribe({ eventType: 'company.creation' });
    await portal.control('webhooks', { hold: true, inOrder: false });
    for (const count of [100, 100, 50]) await creations(count);
    expect((await state()).waiting).toBe(250);
    expect(receiver.received).toEqual([]);
    await portal.control('webhooks', { hold: false });
    const seen = (await events(250)).map((event) => event.objectId);
    expect(batches().map((batch) => batch.length)).toEqual(expect.arrayContaining([100, 100, 50]));
    expect(new Set(seen).size).toBe(250);
    expect(seen).not.toEqual(seen.toSorted((a, b) => a - b));
  });

  it('brings some events twice', async () => {
    await portal.control('webhooks', { duplicateEvery: 10 });
    await subscribe({ eventType: 'company.creation' });
    await creations(30);
    const seen = await events(33);
    await settled();
    expect(new Set(seen.map((event) => event.eventId)).size).toBe(30);
    expect(await state()).toMatchObject({ delivered: 33, duplicated: 3 });
  });

  it('is tried again with the number of the try, by the clock of the sandbox, and given up after ten tries more', async () => {
    receiver.answer = () => 503;
    await subscribe({ eventType: 'company.creation' });
    await portal.add('companies', { name: 'A' });
    await events(1);
    for (let tries = 2; tries <= 11; tries += 1) {
      await until('the failure is known', async () => (await state()).failed === tries - 1);
      await portal.control('clock', { advanceMs: 420 * MINUTE_MS });
      await events(tries);
    }
    await settled();
    expect(
      batches()
        .flat()
        .map((event) => event.attemptNumber),
    ).toEqual(Array.from({ length: 11 }, (_, index) => index));
    expect(await state()).toMatchObject({ failed: 11, lost: 1, delivered: 0 });
  });

  it('is tried again after a minute, not before', async () => {
    receiver.answer = () => (receiver.received.length === 0 ? 400 : 200);
    await subscribe({ eventType: 'company.creation' });
    await portal.add('companies', { name: 'A' });
    await until('the failure is known', async () => (await state()).failed === 1);
    await portal.control('clock', { advanceMs: MINUTE_MS - 1 });
    await portal.add('deals', { dealname: 'a call more' });
    expect(receiver.received).toHaveLength(1);
    await portal.control('clock', { advanceMs: 1 });
    await events(2);
    await settled();
    expect(await state()).toMatchObject({ delivered: 1, failed: 1 });
  });

  it('waits for a restart of the sandbox, with its subscriptions', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hubspot-webhook-'));
    const dataFile = join(folder, 'portal.sqlite');
    try {
      const first = await openPortal({ dataFile });
      await first.call('PUT', `${PREFIX}/settings`, settings(receiver.url));
      await first.call('POST', `${PREFIX}/subscriptions`, { eventType: 'company.creation', active: true });
      await first.control('webhooks', { hold: true });
      const id = await first.add('companies', { name: 'A' });
      await first.close();
      expect(receiver.received).toEqual([]);
      const second = await openPortal({ dataFile });
      expect(await events(1)).toMatchObject([{ objectId: Number(id), attemptNumber: 0 }]);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('fails where no answer comes within five seconds', async () => {
    receiver.answer = () => new Promise(() => undefined);
    await subscribe({ eventType: 'company.creation' });
    await portal.add('companies', { name: 'A' });
    await until('the failure is known', async () => (await state()).failed === 1);
  });

  it('fails where nobody listens', async () => {
    await subscribe({ eventType: 'company.creation' });
    await receiver.close();
    await portal.add('companies', { name: 'A' });
    await until('the failure is known', async () => (await state()).failed === 1);
    expect((await state()).waiting).toBe(1);
  });
});
