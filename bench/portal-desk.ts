import { z } from 'zod';
import type { RepDesk } from './rep-desk.ts';

const counts = z.object({ total: z.number(), byRoute: z.record(z.string(), z.number()) });
const searched = z.looseObject({ total: z.number() });
const outcome = z.looseObject({ errors: z.array(z.unknown()).optional() });
/** HubSpot's searches and batches of reads are POST as well. */
const READS = /^GET |\/search$|\/batch\/read$/;

export interface PortalDesk extends Pick<RepDesk, 'upsert' | 'callsDuring'> {
  /** How many records with this value a search finds: it is some moments behind. */
  found(object: string, property: string, value: number): Promise<number>;
}

/** What a sales rep does in a portal, on HubSpot's own wire, and what the sandbox counts of it. */
export function openPortalDesk(sandboxUrl: string): PortalDesk {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandboxUrl}${path}`, {
      method,
      headers: { authorization: 'Bearer pat-sandbox-rep', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 400)}`);
    return JSON.parse(text);
  };
  const calls = async () => {
    const counted = { reads: 0, writes: 0 };
    for (const [route, count] of Object.entries(counts.parse(await send('GET', '/_sandbox/calls')).byRoute))
      counted[READS.test(route) ? 'reads' : 'writes'] += count;
    return counted;
  };
  return {
    async upsert(object, key, rows) {
      const inputs = rows.map((properties) => ({ idProperty: key, id: String(properties[key]), properties }));
      const { errors = [] } = outcome.parse(await send('POST', `/crm/v3/objects/${object}/batch/upsert`, { inputs }));
      if (errors.length > 0) throw new Error(`the sandbox refused rows: ${JSON.stringify(errors).slice(0, 400)}`);
    },
    async found(object, property, value) {
      const filters = [{ propertyName: property, operator: 'EQ', value: String(value) }];
      const body = { filterGroups: [{ filters }], limit: 1, properties: [property] };
      return searched.parse(await send('POST', `/crm/v3/objects/${object}/search`, body)).total;
    },
    async callsDuring(work) {
      const before = await calls();
      await work();
      const after = await calls();
      return { reads: after.reads - before.reads, writes: after.writes - before.writes };
    },
  };
}
