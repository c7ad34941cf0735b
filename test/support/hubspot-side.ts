import type { CrmPort, RemoteFields, RemoteRow } from '../../crm/port.ts';
import { remoteFieldsOf } from '../../mappings/field-mapping.ts';
import { hubspotProfile } from '../../mappings/hubspot/registration-object.ts';
import { openHubspotFixture, type HubspotFixture } from '../crm/hubspot/sandbox-fixture.ts';
import { ourNames, theirNames, type CrmSide, type People, type TwoWayType, type TypedValues } from './crm-side.ts';

const CRM = 'hubspot';
const LISTED = 100;
const { mapping: MAPPING, conversion: CONVERSION } = hubspotProfile('deal_registration');

interface HubspotSide extends CrmSide {
  readonly portal: HubspotFixture;
}

/** A portal that keeps registrations in the custom object, and whose searches are never behind. */
export async function openHubspotSide(): Promise<HubspotSide> {
  const portal = await openHubspotFixture({ connection: CRM }, { now: Date.now });
  const connectRep = (): CrmPort => portal.connect({ accessToken: 'pat-sandbox-rep' });
  let rep = connectRep();
  return {
    connection: CRM,
    portal,
    mapping: MAPPING,
    conversion: CONVERSION,
    url: portal.url,
    writeRoute: { method: 'POST', path: '/crm/objects/*/batch/up' },
    described: (['partner', 'registration', 'task'] as const).map((objectType) => MAPPING[objectType].object),
    people: peopleOf(portal, () => rep),
    connect: async () => portal.connect(),
    control: (path, body) => portal.control(path, body),
    async calls() {
      const routes = Object.entries(await portal.byRoute());
      const sum = (pattern: RegExp) => routes.reduce((total, [route, count]) => total + (pattern.test(route) ? count : 0), 0);
      return { writes: sum(/^POST .*\/(batch|labels)\/(?!read)/), reads: sum(/^POST .*\/(search|batch\/read)$/) };
    },
    async ownRows(objectType) {
      const { externalId } = MAPPING[objectType];
      const ids = await listIds(portal, objectType);
      const rows = await readAll(rep, objectType, ids);
      return rows.map(({ fields }): RemoteFields => fields).filter((fields) => (fields[externalId?.theirs ?? ''] ?? null) !== null);
    },
    async reset() {
      await portal.reset();
      rep = connectRep();
    },
    close: () => portal.close(),
  };
}

function peopleOf(portal: HubspotFixture, rep: () => CrmPort): People {
  const place = (objectType: TwoWayType, id = '') => `/crm/v3/objects/${MAPPING[objectType].object}${id === '' ? '' : `/${id}`}`;
  const call = async (method: string, path: string, body?: object) =>
    (await portal.call(method, path, body, 'rep')) as { readonly id: string };
  return {
    async create(objectType, values) {
      const { properties, associations } = parted(objectType, values);
      const { id } = await call('POST', place(objectType), { properties, associations: [] });
      await associate(rep(), objectType, id, associations);
      return id;
    },
    async edit(objectType, id, values) {
      const { properties, associations } = parted(objectType, values);
      if (Object.keys(properties).length > 0) await call('PATCH', place(objectType, id), { properties });
      await associate(rep(), objectType, id, associations);
    },
    async read(objectType, id) {
      const [row] = await readAll(rep(), objectType, [id]);
      if (row === undefined || row.deleted) throw new Error(`there is no ${objectType} ${id} in the portal`);
      return ourNames(MAPPING[objectType], row.fields);
    },
    async find(objectType, localId) {
      const mapping = MAPPING[objectType];
      const rows = await rep().find(mapping.object, mapping.externalId?.theirs ?? '', [localId], remoteFieldsOf(mapping));
      return rows.map(({ id, fields }) => ({ id, ...ourNames(mapping, fields) }));
    },
    list: (objectType) => listIds(portal, objectType),
    remove: async (objectType, id) => void (await call('DELETE', place(objectType, id))),
    restore: (objectType, id) => portal.control('restore', { objectType: MAPPING[objectType].object, ids: [id] }),
    merge: async (objectType, keptId, otherId) =>
      (await call('POST', `${place(objectType)}/merge`, { primaryObjectId: keptId, objectIdToMerge: otherId })).id,
  };
}

/** Properties as HubSpot takes them, and what is an association there. */
function parted(
  objectType: TwoWayType,
  values: TypedValues,
): { readonly properties: Readonly<Record<string, string>>; readonly associations: RemoteFields } {
  const named = Object.entries(theirNames(MAPPING[objectType], values));
  const isAssociation = (name: string): boolean => name.startsWith('associations.');
  return {
    properties: Object.fromEntries(
      named.flatMap(([name, value]) => (isAssociation(name) ? [] : [[name, value === null ? '' : String(value)]])),
    ),
    associations: Object.fromEntries(named.filter(([name]) => isAssociation(name))),
  };
}

async function associate(rep: CrmPort, objectType: TwoWayType, id: string, fields: RemoteFields): Promise<void> {
  if (Object.keys(fields).length === 0) return;
  const [outcome] = await rep.write(MAPPING[objectType].object, [{ target: { kind: 'id', id }, fields }]);
  if (outcome?.kind !== 'written') throw new Error(outcome?.message ?? 'no outcome');
}

async function listIds(portal: HubspotFixture, objectType: TwoWayType): Promise<readonly string[]> {
  const ids: string[] = [];
  let after = '';
  do {
    const page = (await portal.call('GET', `/crm/v3/objects/${MAPPING[objectType].object}?limit=${LISTED}${after}`)) as {
      readonly results: readonly { readonly id: string }[];
      readonly paging?: { readonly next: { readonly after: string } };
    };
    ids.push(...page.results.map(({ id }) => id));
    after = page.paging === undefined ? '' : `&after=${page.paging.next.after}`;
  } while (after !== '');
  return ids;
}

function readAll(rep: CrmPort, objectType: TwoWayType, ids: readonly string[]): Promise<readonly RemoteRow[]> {
  return rep.read(MAPPING[objectType].object, ids, remoteFieldsOf(MAPPING[objectType]));
}
