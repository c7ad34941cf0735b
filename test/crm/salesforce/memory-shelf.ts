import type { SessionShelf } from '../../../crm/salesforce/session-shelf.ts';

/** A shelf in memory: what stands on it can be looked at, and it can be made to fail when it is to keep something. */
export interface MemoryShelf extends SessionShelf {
  readonly kept: Map<string, string>;
  isBroken: boolean;
}

export function createMemoryShelf(): MemoryShelf {
  let turn: Promise<unknown> = Promise.resolve();
  const shelf: MemoryShelf = {
    kept: new Map(),
    isBroken: false,
    alone: ({ connection, credentials }, work) => {
      const name = `${connection}/${credentials}`;
      const result = turn.then(async () => {
        const added: string[] = [];
        const answer = await work(shelf.kept.get(name) ?? null, (sealed) => added.push(sealed));
        if (shelf.isBroken) throw new Error('the database went away');
        const last = added.at(-1);
        if (last !== undefined) shelf.kept.set(name, last);
        return answer;
      });
      turn = result.catch(() => undefined);
      return result;
    },
  };
  return shelf;
}
