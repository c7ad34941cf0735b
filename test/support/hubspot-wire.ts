export type HubspotProperties = Readonly<Record<string, string | null>>;

export interface HubspotRecord {
  readonly id: string;
  readonly properties: HubspotProperties;
}

/** The portal as its users and its operators reach it: over the wire alone. `as` is a user's alias. */
export interface HubspotWire {
  /** The record with that value of a unique property, by a call of its own that is none of the connection's app; null where there is none. */
  find(object: string, property: string, value: string, properties: readonly string[]): Promise<HubspotRecord | null>;
  update(as: string, object: string, id: string, properties: object): Promise<void>;
  create(as: string, object: string, properties: object): Promise<string>;
  remove(as: string, object: string, id: string): Promise<void>;
  /** API calls so far. `writes` counts everything that is neither a GET nor a search nor a batch of reads. */
  calls(): Promise<{ readonly reads: number; readonly writes: number }>;
  /** Replaces the faults that hit calls from now on; an empty list ends them. */
  faults(rules: readonly object[]): Promise<void>;
  /** The faults that were given last, and how many calls each of them hit. */
  faultHits(): Promise<readonly { readonly fault: string; readonly hits: number }[]>;
}

const READS = /^GET |\/search$|\/batch\/read$/;

export function openHubspotWire(url: string): HubspotWire {
  async function send(as: string, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer pat-sandbox-${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${as} answered ${answer.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
  const place = (object: string, id = '') => `/crm/v3/objects/${object}${id === '' ? '' : `/${id}`}`;

  return {
    async find(object, idProperty, id, properties) {
      const query = new URLSearchParams({ idProperty, properties: properties.join(',') });
      try {
        return (await send('rep', 'GET', `${place(object, id)}?${query.toString()}`)) as HubspotRecord;
      } catch (error) {
        if (error instanceof Error && / answered 404: /.test(error.message)) return null;
        throw error;
      }
    },
    async update(as, object, id, properties) {
      await send(as, 'PATCH', place(object, id), { properties });
    },
    async create(as, object, properties) {
      return ((await send(as, 'POST', place(object), { properties })) as { readonly id: string }).id;
    },
    async remove(as, object, id) {
      await send(as, 'DELETE', place(object, id));
    },
    async calls() {
      const { byRoute } = (await send('integration', 'GET', '/_sandbox/calls')) as { readonly byRoute: Readonly<Record<string, number>> };
      const counted = { reads: 0, writes: 0 };
      for (const [route, count] of Object.entries(byRoute)) counted[READS.test(route) ? 'reads' : 'writes'] += count;
      return counted;
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
