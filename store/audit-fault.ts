import { type ChainPlace } from './audit-page.ts';

/**
 * What is wrong with the history.
 *
 * `changed`: an entry is not as it was written. `missing`: entries are gone. `reordered`, `renamed`: an entry stands at another place of its subject, or under another
 * subject, than it was recorded at. `unsealed`: an entry is neither sealed nor waits to be. `head`: the last entries of a subject do not fit what was noted of them.
 * `seal`: the chain of seals is broken. `comment`: what a person wrote, or the values that were asked for, are not those of then.
 * `noted_head`: the head that was noted elsewhere is not in the chain.
 */
export type AuditFaultKind = 'changed' | 'missing' | 'reordered' | 'renamed' | 'unsealed' | 'head' | 'seal' | 'comment' | 'noted_head';

/** `subject` null: of the chain of seals, where `position` is the number of a seal. `until`: the last of several in a row. */
export interface AuditFault {
  readonly kind: AuditFaultKind;
  readonly subject: string | null;
  readonly position: number | null;
  readonly until?: number;
  readonly message: string;
}

/** The faults that were found, each once, up to a bound. */
export interface AuditFaults {
  add(fault: AuditFault): void;
  has(kind: AuditFaultKind, place: ChainPlace): boolean;
  /** What was taken for a changed entry turned out to be something more exact. */
  refine(place: ChainPlace, kind: AuditFaultKind, message: string): void;
  /** In the order in which they were found. */
  all(): readonly AuditFault[];
  /** More were found than are kept. */
  areMore(): boolean;
}

export function collectFaults(most: number): AuditFaults {
  const found = new Map<string, AuditFault>();
  let areMore = false;
  return {
    add(fault) {
      const key = keyOf(fault.kind, fault);
      if (found.has(key)) return;
      if (found.size < most) found.set(key, fault);
      else areMore = true;
    },
    has: (kind, place) => found.has(keyOf(kind, place)),
    refine(place, kind, message) {
      const key = keyOf('changed', place);
      const fault = found.get(key);
      if (fault !== undefined) found.set(key, { ...fault, kind, message });
    },
    all: () => [...found.values()],
    areMore: () => areMore,
  };
}

function keyOf(kind: AuditFaultKind, { subject, position }: Pick<AuditFault, 'subject' | 'position'>): string {
  return JSON.stringify([kind, subject, position]);
}
