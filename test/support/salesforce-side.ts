import { join } from 'node:path';
import type { CrmPort } from '../../crm/port.ts';
import { connectSalesforce } from '../../crm/salesforce/connect.ts';
import type { SalesforceConfig } from '../../crm/salesforce/session.ts';
import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import { openSalesforceSandbox } from '../../sandbox/salesforce/open-sandbox.ts';
import { ourNames, theirNames, type CrmSide, type People, type TwoWayType } from './crm-side.ts';

/** What a person works with in the CRM: a record type of ours, or one of the CRM's own by its name. */
export type RepObject = TwoWayType | 'Opportunity' | 'Account';
export type CrmRow = Readonly<Record<string, string | number | boolean | null>>;

const OBJECTS = { partner: 'Account', registration: 'Deal_Registration__c', task: 'Task' } as const;
export const SHIPPED_OBJECTS = join(process.cwd(), 'crm/salesforce/force-app');
const CRM = 'salesforce';
const DATA = '/services/data/v66.0';

/** A write to the CRM by sync, as faults name it. */
export const WRITE = { method: 'PATCH', path: '/composite/sobjects' } as const;

/** What a rep does in the org, in Salesforce's words. */
export interface Rep {
  create(objectType: RepObject, fields: CrmRow, as?: string): Promise<string>;
  edit(objectType: RepObject | 'User', remoteId: string, fields: CrmRow, as?: string): Promise<void>;
  /** The same edit of many registrations. */
  editAll(remoteIds: readonly string[], fields: CrmRow): Promise<void>;
  remove(objectType: RepObject, remoteId: string): Promise<void>;
  row(objectType: RepObject, remoteId: string): Promise<CrmRow>;
  /** Rows of a query, deleted ones left out. */
  query(soql: string): Promise<readonly CrmRow[]>;
}

interface SalesforceSide extends CrmSide {
  connect(settings?: Partial<SalesforceConfig>): Promise<CrmPort>;
  readonly rep: Rep;
}

/** `metadataRoot`: the objects of the org, where they are not the shipped ones; null for an org in which nothing was deployed. */
export async function openSalesforceSide(metadataRoot: string | null): Promise<SalesforceSide> {
  const sandbox = await openSalesforceSandbox({ port: 0, dataFile: ':memory:', metadataRoot, sampleFile: null, seed: 1 });
  const call = async (method: string, path: string, body?: object, as = 'rep'): Promise<unknown> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer 00D000000000001!${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const control: CrmSide['control'] = async (path, body) => void (await call('POST', `/_sandbox/${path}`, body));
  const rep = repOf(call);
  return {
    connection: CRM,
    mapping: salesforceMapping,
    conversion: salesforceConversion,
    url: sandbox.url,
    writeRoute: WRITE,
    described: metadataRoot === null ? [] : Object.values(OBJECTS),
    people: peopleOf(rep, control),
    rep,
    connect: (settings = {}) =>
      connectSalesforce({
        connection: CRM,
        instanceUrl: sandbox.url,
        auth: { kind: 'token', accessToken: '00D000000000001!integration' },
        apiVersion: '66.0',
        requestTimeoutMs: 10_000,
        ...settings,
      }),
    control,
    async calls() {
      const { byRoute } = (await call('GET', '/_sandbox/calls')) as { byRoute: Record<string, number> };
      const sum = (pattern: RegExp) =>
        Object.entries(byRoute).reduce((total, [route, count]) => total + (pattern.test(route) ? count : 0), 0);
      return { writes: sum(/^(PATCH|POST|DELETE) .*\/composite\/sobjects/), reads: sum(/^GET .*\/query/) };
    },
    ownRows(objectType) {
      const { object, fields, externalId } = salesforceMapping[objectType];
      const columns = ['Id', ...new Set(fields.map((field) => field.theirs))].join(', ');
      return rep.query(`SELECT ${columns} FROM ${object} WHERE ${externalId?.theirs} != null`);
    },
    reset: () => sandbox.reset(),
    close: () => sandbox.close(),
  };
}

type Call = (method: string, path: string, body?: object, as?: string) => Promise<unknown>;

function repOf(call: Call): Rep {
  const objectOf = (objectType: string): string => (OBJECTS as Readonly<Record<string, string>>)[objectType] ?? objectType;
  return {
    create: async (objectType, fields, as) =>
      ((await call('POST', `${DATA}/sobjects/${objectOf(objectType)}`, fields, as)) as { id: string }).id,
    edit: async (objectType, id, fields, as) => void (await call('PATCH', `${DATA}/sobjects/${objectOf(objectType)}/${id}`, fields, as)),
    editAll: async (ids, fields) => {
      for (let first = 0; first < ids.length; first += 200) {
        const records = ids.slice(first, first + 200).map((id) => ({ attributes: { type: OBJECTS.registration }, id, ...fields }));
        await call('PATCH', `${DATA}/composite/sobjects`, { allOrNone: false, records });
      }
    },
    remove: async (objectType, id) => void (await call('DELETE', `${DATA}/sobjects/${objectOf(objectType)}/${id}`)),
    row: async (objectType, id) => (await call('GET', `${DATA}/sobjects/${objectOf(objectType)}/${id}`)) as CrmRow,
    query: async (soql) => ((await call('GET', `${DATA}/query?q=${encodeURIComponent(soql)}`)) as { records: CrmRow[] }).records,
  };
}

function peopleOf(rep: Rep, control: CrmSide['control']): People {
  return {
    create: (objectType, values) => rep.create(objectType, theirNames(salesforceMapping[objectType], values)),
    edit: (objectType, id, values) => rep.edit(objectType, id, theirNames(salesforceMapping[objectType], values)),
    read: async (objectType, id) => ourNames(salesforceMapping[objectType], await rep.row(objectType, id)),
    async find(objectType, localId) {
      const mapping = salesforceMapping[objectType];
      const columns = ['Id', ...new Set(mapping.fields.map((field) => field.theirs))].join(', ');
      const rows = await rep.query(`SELECT ${columns} FROM ${mapping.object} WHERE ${mapping.externalId?.theirs} = '${localId}'`);
      return rows.map((row) => ({ id: String(row['Id']), ...ourNames(mapping, row) }));
    },
    list: async (objectType) => (await rep.query(`SELECT Id FROM ${OBJECTS[objectType]}`)).map((row) => String(row['Id'])),
    remove: (objectType, id) => rep.remove(objectType, id),
    restore: (objectType, id) => control('undelete', { sobject: OBJECTS[objectType], ids: [id] }),
    async merge(objectType, masterId, otherId) {
      await control('merge', { sobject: OBJECTS[objectType], masterId, ids: [otherId] });
      return masterId;
    },
  };
}
