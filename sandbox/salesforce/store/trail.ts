/** What the running transaction has written to records, for those that tell of it when it commits. */

import type { SObjectDefinition } from '../schema/definition.ts';

/** The columns of a record in stored form. */
type Row = Readonly<Record<string, string | number | null>>;

/** A record that was written, once however often it was. */
export interface Touch {
  readonly definition: SObjectDefinition;
  readonly id: string;
  /** The record before the transaction; null where there was none. */
  readonly before: Row | null;
  /** The record after the write; null where it was written again, so that only the storage knows. */
  readonly after: Row | null;
  readonly author: Author;
}

/** Who wrote, when, and through which of the org's APIs. */
export interface Author {
  readonly userId: string;
  readonly nowMs: number;
  readonly origin: string;
}

/** Told of every transaction that wrote records. */
export interface CommitListener {
  /** Within the transaction, as its last part. `beyond` are the objects of the records that were too many to be kept. */
  readonly beforeCommit: (touches: readonly Touch[], beyond: readonly SObjectDefinition[]) => void;
  readonly afterCommit: () => void;
}

export interface Trail {
  readonly note: (touch: Touch) => void;
  /** Where the trail stands, to go back to when a part of the transaction is undone. */
  readonly mark: () => number;
  readonly undoTo: (mark: number) => void;
  readonly touches: () => readonly Touch[];
  readonly beyond: () => readonly SObjectDefinition[];
  readonly isEmpty: () => boolean;
  readonly clear: () => void;
}

/** Keeps at most `most` records of a transaction, in the order of their first write. */
export function createTrail(most: number): Trail {
  const byId = new Map<string, Touch>();
  const order: string[] = [];
  const beyond = new Map<string, SObjectDefinition>();
  return {
    note: (touch) => {
      const earlier = byId.get(touch.id);
      if (earlier !== undefined) byId.set(touch.id, { ...earlier, after: null });
      else if (order.length >= most) beyond.set(touch.definition.name, touch.definition);
      else {
        byId.set(touch.id, touch);
        order.push(touch.id);
      }
    },
    mark: () => order.length,
    undoTo: (mark) => {
      for (const id of order.splice(mark)) byId.delete(id);
    },
    touches: () => [...byId.values()],
    beyond: () => [...beyond.values()],
    isEmpty: () => byId.size === 0,
    clear: () => {
      byId.clear();
      order.length = 0;
      beyond.clear();
    },
  };
}
