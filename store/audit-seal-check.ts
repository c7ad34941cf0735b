import type { AuditFaults } from './audit-fault.ts';
import { feedSeals } from './audit-page.ts';
import type { SealHead } from './audit-seal.ts';
import { CHAIN_START, sealText, sha256Of, type Seal } from './audit-text.ts';
import type { Transaction } from './database.ts';

export interface SealCount {
  readonly sealed: number;
  readonly head: SealHead | null;
  /** The number under which the head that was noted stands; null where it is not there or none was given. */
  readonly notedAt: number | null;
}

/** Reads the chain of seals from its first and adds what breaks it to `faults`. `noted`: a hash that was the last one once, and so has to be in it. */
export async function checkSeals(trx: Transaction, noted: string | null, faults: AuditFaults, progress: () => void): Promise<SealCount> {
  const seals = await feedSeals(trx);
  let last: Seal | null = null;
  let sealed = 0;
  let notedAt: number | null = null;
  for (let seal = seals.current; seal !== null; seal = seals.current) {
    checkSeal(last, seal, faults);
    if (seal.hash === noted) notedAt = seal.ordinal;
    sealed += 1;
    last = seal;
    progress();
    await seals.next();
  }
  if (noted !== null && notedAt === null) {
    const message = 'The head that was noted is not in the chain: it was written anew since, or the store was set back to a time before.';
    faults.add({ kind: 'noted_head', subject: null, position: null, message });
  }
  return { sealed, head: last === null ? null : { ordinal: last.ordinal, hash: last.hash }, notedAt };
}

function checkSeal(before: Seal | null, seal: Seal, faults: AuditFaults): void {
  const { ordinal, previous } = seal;
  const place = { kind: 'seal', subject: null, position: ordinal } as const;
  if (sha256Of(sealText(seal)) !== seal.hash) {
    faults.add({ ...place, message: 'What it says is not what its hash was taken of.' });
    return;
  }
  const expected = (before?.ordinal ?? 0) + 1;
  if (ordinal !== expected) {
    const message = 'It is missing from the chain.';
    faults.add({ ...place, position: expected, ...(ordinal - 1 > expected ? { until: ordinal - 1 } : {}), message });
  } else if (previous !== (before?.hash ?? CHAIN_START)) {
    const message = before === null ? 'It is the first, and names one before it.' : 'It is not the seal that the next one was chained to.';
    faults.add({ ...place, position: before?.ordinal ?? ordinal, message });
  }
}
