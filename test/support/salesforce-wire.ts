const BASE = '/services/data/v66.0';

export type SalesforceRow = Readonly<Record<string, unknown>> & { readonly Id: string };

/** The org as its users and its operators reach it: over the wire alone. `as` is a user's alias. */
export interface SalesforceWire {
  /** All rows, as the integration user sees them. */
  query(soql: string): Promise<readonly SalesforceRow[]>;
  /** One row, by a call of its own. */
  read(object: string, id: string): Promise<SalesforceRow>;
  /** The id of the new row. */
  create(as: string, object: string, fields: object): Promise<string>;
  update(as: string, object: string, id: string, fields: object): Promise<void>;
  remove(as: string, object: string, id: string): Promise<void>;
  /** API calls so far. `writes` counts everything that is not a read. */
  calls(): Promise<{ readonly reads: number; readonly writes: number }>;
  /** A control call of the sandbox, such as `convert-lead`. */
  control<Answer>(path: string, body: object): Promise<Answer>;
  /** Replaces the faults that hit calls from now on; an empty list ends them. */
  faults(rules: readonly object[]): Promise<void>;
  /** The faults that were given last, and how many calls each of them hit. */
  faultHits(): Promise<readonly { readonly fault: string; readonly hits: number }[]>;
}

export function openSalesforceWire(url: string): SalesforceWire {
  async function send(as: string, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer 00D000000000001!${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${as} answered ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  return {
    async query(soql) {
      const rows: SalesforceRow[] = [];
      let next: string | undefined = `${BASE}/query?q=${encodeURIComponent(soql)}`;
      while (next !== undefined) {
        const page = (await send('integration', 'GET', next)) as { records: readonly SalesforceRow[]; nextRecordsUrl?: string };
        rows.push(...page.records);
        next = page.nextRecordsUrl;
      }
      return rows;
    },
    async read(object, id) {
      return (await send('integration', 'GET', `${BASE}/sobjects/${object}/${id}`)) as SalesforceRow;
    },
    async create(as, object, fields) {
      return ((await send(as, 'POST', `${BASE}/sobjects/${object}`, fields)) as { readonly id: string }).id;
    },
    async update(as, object, id, fields) {
      await send(as, 'PATCH', `${BASE}/sobjects/${object}/${id}`, fields);
    },
    async remove(as, object, id) {
      await send(as, 'DELETE', `${BASE}/sobjects/${object}/${id}`);
    },
    async calls() {
      const { total, byRoute } = (await send('integration', 'GET', '/_sandbox/calls')) as {
        readonly total: number;
        readonly byRoute: Readonly<Record<string, number>>;
      };
      const reads = Object.entries(byRoute).reduce((sum, [route, count]) => (route.startsWith('GET ') ? sum + count : sum), 0);
      return { reads, writes: total - reads };
    },
    async control<Answer>(path: string, body: object) {
      return (await send('integration', 'POST', `/_sandbox/${path}`, body)) as Answer;
    },
    async faults(rules) {
      await send('integration', 'POST', '/_sandbox/faults', { rules });
    },
    async faultHits() {
      const { rules } = (await send('integration', 'GET', '/_sandbox/faults')) as {
        readonly rules: readonly { fault: string; hits: number }[];
      };
      return rules;
    },
  };
}
