import type { ChangeHint, ChangeNews, CrmPort, ListenRequest } from '../../crm/port.ts';
import { until } from './until.ts';

/** Somebody who listens to a CRM and keeps what comes. */
export interface HeardNews {
  readonly news: readonly ChangeNews[];
  hints(): readonly ChangeHint[];
  gaps(): readonly string[];
  /** The positions behind what came, by channel. */
  positions(): Readonly<Record<string, string>>;
  /** Waits until there was so much of a kind; throws what listening failed with. */
  untilHeard(kind: ChangeNews['kind'], times?: number): Promise<void>;
  /** Waits until there was a hint at this record. */
  untilNamed(id: string): Promise<ChangeHint>;
  /** What listening ended with; null where it was in order. */
  readonly ended: Promise<unknown>;
  /** Ends it; throws what it failed with. */
  stop(): Promise<void>;
}

export function hearNews(port: CrmPort, request: Partial<ListenRequest> = {}): HeardNews {
  const news: ChangeNews[] = [];
  const stopping = new AbortController();
  const objects = ['Account', 'Deal_Registration__c', 'Opportunity'];
  let failure: unknown = null;
  const listening = (async () => {
    for await (const one of port.listen?.({ objects, positions: {}, ...request, signal: stopping.signal }) ?? []) news.push(one);
  })();
  const ended = listening.then(
    () => null,
    (error: unknown) => {
      failure = error;
      return error;
    },
  );
  const hints = (): readonly ChangeHint[] => news.flatMap((one) => (one.kind === 'changes' ? one.hints : []));
  const wait = async <Value>(what: string, look: () => Value | null | undefined | false): Promise<Value> => {
    const found = await until(what, async () => (failure === null ? look() : { failed: failure }), 15_000);
    if (typeof found === 'object' && found !== null && 'failed' in found) throw found.failed;
    return found as Value;
  };
  return {
    news,
    hints,
    gaps: () => news.flatMap((one) => (one.kind === 'gap' ? [one.channel] : [])),
    positions: () => Object.assign({}, ...news.flatMap((one) => (one.kind === 'changes' ? [one.positions] : []))) as Record<string, string>,
    untilHeard: async (kind, times = 1) =>
      void (await wait(`${times} of ${kind}`, () => news.filter((one) => one.kind === kind).length >= times)),
    untilNamed: (id) => wait(`a hint at ${id}`, () => hints().find(({ ids }) => ids.includes(id))),
    ended,
    async stop() {
      stopping.abort();
      const error = await ended;
      if (error !== null) throw error;
    },
  };
}
