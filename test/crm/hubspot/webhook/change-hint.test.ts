import { readWebhookEvents } from '../../../../crm/hubspot/webhook/change-hint.ts';

const AT_MS = Date.parse('2026-11-23T15:00:00.125Z');
const AT = '2026-11-23T15:00:00.125Z';
const PORTAL = 424_242;
const APP = 900_100;
const ABOUT = { objects: ['owners', 'companies', 'deals', 'deal_registration', 'tasks'], portalId: PORTAL };

function event(subscriptionType: string, more: object = {}): object {
  return { eventId: 1, subscriptionId: 2, portalId: PORTAL, appId: APP, occurredAt: AT_MS, subscriptionType, attemptNumber: 0, ...more };
}

const read = (...events: readonly unknown[]) => readWebhookEvents(events, ABOUT);
const hint = (object: string, ids: readonly string[], what: string, more: object = {}): object => ({
  object,
  ids,
  what,
  at: AT,
  isOwn: false,
  fields: [],
  ...more,
});

describe('readWebhookEvents', () => {
  it.each([
    ['company.creation', {}, hint('companies', ['7'], 'created')],
    ['company.propertyChange', { propertyName: 'name', propertyValue: 'A' }, hint('companies', ['7'], 'updated', { fields: ['name'] })],
    ['deal.deletion', { changeFlag: 'DELETED' }, hint('deals', ['7'], 'deleted')],
    ['deal.privacyDeletion', {}, hint('deals', ['7'], 'deleted')],
    ['company.restore', {}, hint('companies', ['7'], 'undeleted')],
    ['object.creation', { objectTypeId: '0-27' }, hint('tasks', ['7'], 'created')],
    ['object.propertyChange', { objectTypeId: '2-11', propertyName: 'x' }, hint('deal_registration', ['7'], 'updated', { fields: ['x'] })],
    ['object.deletion', { objectTypeId: '2-11' }, hint('deal_registration', ['7'], 'deleted')],
    ['object.restore', { objectTypeId: '2-11' }, hint('deal_registration', ['7'], 'undeleted')],
  ])('reads %s %j', (type, more, expected) => {
    expect(read(event(type, { objectId: 7, ...more }))).toEqual({
      hints: [expected],
      passedOver: { unknown: 0, foreign: 0, unreadable: 0 },
    });
  });

  it('reads a merge as the end of two records and a change of the one that they became', () => {
    const merge = { objectId: 30, primaryObjectId: 10, mergedObjectIds: [20], newObjectId: 30, numberOfPropertiesMoved: 1 };
    expect(read(event('company.merge', merge)).hints).toEqual([
      hint('companies', ['10', '20'], 'deleted'),
      hint('companies', ['30'], 'updated'),
    ]);
    expect(read(event('object.merge', { ...merge, objectTypeId: '2-11' })).hints).toHaveLength(2);
  });

  it('reads a merge into the first of them, and never names no record', () => {
    expect(read(event('company.merge', { primaryObjectId: 10, mergedObjectIds: [20], newObjectId: 10 })).hints).toEqual([
      hint('companies', ['20'], 'deleted'),
      hint('companies', ['10'], 'updated'),
    ]);
    expect(read(event('company.merge', { primaryObjectId: 10, mergedObjectIds: [] })).hints).toEqual([
      hint('companies', ['10'], 'updated'),
    ]);
  });

  it('reads an association as a change of both sides, in both forms of the event', () => {
    const sides = { fromObjectId: 1, toObjectId: 2, associationRemoved: false, isPrimaryAssociation: false };
    expect(read(event('deal.associationChange', { ...sides, associationType: 'DEAL_TO_COMPANY' })).hints).toEqual([
      hint('deals', ['1'], 'associated', { fields: ['associations.companies'] }),
      hint('companies', ['2'], 'associated', { fields: ['associations.deals'] }),
    ]);
    const generic = { ...sides, objectTypeId: '2-11', fromObjectTypeId: '2-11', toObjectTypeId: '0-2', associationTypeId: 5 };
    expect(read(event('object.associationChange', generic)).hints).toEqual([
      hint('deal_registration', ['1'], 'associated', { fields: ['associations.companies'] }),
      hint('companies', ['2'], 'associated', { fields: ['associations.deal_registration'] }),
    ]);
  });

  it.each([
    ['the app itself', { changeSource: 'INTEGRATION', sourceId: String(APP) }, true],
    ['another app', { changeSource: 'INTEGRATION', sourceId: '900101' }, false],
    ['a person with the number of the app', { changeSource: 'CRM_UI', sourceId: String(APP) }, false],
    ['a workflow', { changeSource: 'AUTOMATION', sourceId: 'enrollmentId:7' }, false],
    ['nobody who is named', { changeSource: null, sourceId: null }, false],
  ])('tells who made the change: %s', (_who, more, isOwn) => {
    expect(read(event('company.creation', { objectId: 7, ...more })).hints).toMatchObject([{ isOwn }]);
  });

  it.each([
    ['a kind that HubSpot may add', event('company.rename', { objectId: 7 }), 'unknown'],
    ['an object that is not read', event('contact.creation', { objectId: 7 }), 'unknown'],
    ['an object that HubSpot may add', event('object.creation', { objectId: 7, objectTypeId: '0-999' }), 'unknown'],
    ['an object without a type', event('object.creation', { objectId: 7 }), 'unknown'],
    ['another portal', event('company.creation', { objectId: 7, portalId: 1 }), 'foreign'],
    ['no id', event('company.creation'), 'unreadable'],
    ['an id that no number holds exactly', event('company.creation', { objectId: 2 ** 53 }), 'unreadable'],
    ['an id that is a text', event('company.creation', { objectId: '7' }), 'unreadable'],
    ['no time', event('company.creation', { objectId: 7, occurredAt: undefined }), 'unreadable'],
    ['a time that no date can hold', event('company.creation', { objectId: 7, occurredAt: 8_640_000_000_000_001 }), 'unreadable'],
    ['a name of what every object has', event('constructor.creation', { objectId: 7 }), 'unknown'],
    ['nothing at all', null, 'unreadable'],
  ] as const)('passes over %s, and takes the others', (_what, odd, why) => {
    const { hints, passedOver } = read(odd, event('company.creation', { objectId: 8 }));
    expect(hints).toEqual([hint('companies', ['8'], 'created')]);
    expect(passedOver).toEqual({ unknown: 0, foreign: 0, unreadable: 0, [why]: 1 });
  });

  it('takes the events of any portal where none is named', () => {
    expect(readWebhookEvents([event('company.creation', { objectId: 7 })], { ...ABOUT, portalId: null }).hints).toHaveLength(1);
  });
});
