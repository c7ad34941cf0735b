import { z } from 'zod';

const API = '/services/data/v66.0';
/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm */
const COLLECTION_ROWS = 200;

const queryAnswer = z.looseObject({ records: z.array(z.looseObject({ Id: z.string() })), nextRecordsUrl: z.string().optional() });
const counts = z.object({ total: z.number(), byRoute: z.record(z.string(), z.number()) });
const saved = z.array(z.looseObject({ id: z.string().nullish(), success: z.boolean() }));

export interface CallCount {
  readonly reads: number;
  readonly writes: number;
}

/** What a sales rep does in the CRM, on Salesforce's own wire, and what the sandbox counts of it. */
export interface RepDesk {
  /** The rows of a query, with all its pages. */
  query(soql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  edit(object: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
  /** Creates rows, 200 a call, one call after the other. */
  create(object: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** Writes at most 200 rows in one call, each by its value of the external id `key`. */
  upsert(object: string, key: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** What `work` cost in calls, whoever made them. */
  callsDuring(work: () => Promise<unknown>): Promise<CallCount>;
}

export function openRepDesk(sandboxUrl: string): RepDesk {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandboxUrl}${path}`, {
      method,
      headers: { authorization: 'Bearer 00D000000000001!rep', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 400)}`);
    return text === '' ? null : JSON.parse(text);
  };
  const calls = async (): Promise<CallCount> => {
    const routes = Object.entries(counts.parse(await send('GET', '/_sandbox/calls')).byRoute);
    const sum = (isCounted: (route: string) => boolean): number =>
      routes.reduce((total, [route, count]) => total + (isCounted(route) ? count : 0), 0);
    return { reads: sum((route) => route.startsWith('GET ')), writes: sum((route) => !route.startsWith('GET ')) };
  };
  const records = (object: string, rows: readonly Readonly<Record<string, unknown>>[]): object => ({
    allOrNone: false,
    records: rows.map((fields) => ({ attributes: { type: object }, ...fields })),
  });
  const write = async (method: 'POST' | 'PATCH', path: string, body: object): Promise<void> => {
    const refused = saved.parse(await send(method, path, body)).find(({ success }) => !success);
    if (refused !== undefined) throw new Error(`the sandbox refused a row: ${JSON.stringify(refused).slice(0, 400)}`);
  };
  return {
    async query(soql) {
      const rows: Readonly<Record<string, unknown>>[] = [];
      let path: string | undefined = `${API}/query?q=${encodeURIComponent(soql)}`;
      while (path !== undefined) {
        const page: z.output<typeof queryAnswer> = queryAnswer.parse(await send('GET', path));
        rows.push(...page.records);
        path = page.nextRecordsUrl;
      }
      return rows;
    },
    async edit(object, id, fields) {
      await send('PATCH', `${API}/sobjects/${object}/${id}`, fields);
    },
    async create(object, rows) {
      for (let first = 0; first < rows.length; first += COLLECTION_ROWS)
        await write('POST', `${API}/composite/sobjects`, records(object, rows.slice(first, first + COLLECTION_ROWS)));
    },
    upsert: (object, key, rows) => write('PATCH', `${API}/composite/sobjects/${object}/${key}`, records(object, rows)),
    async callsDuring(work) {
      const before = await calls();
      await work();
      const after = await calls();
      return { reads: after.reads - before.reads, writes: after.writes - before.writes };
    },
  };
}
