import { sql } from 'kysely';
import type { AuditFaults } from './audit-fault.ts';
import type { ChainPlace, StoredEntry } from './audit-page.ts';
import { entryText, sha256Of } from './audit-text.ts';
import type { Transaction } from './database.ts';

/** A place at which an entry was recorded, by its seal or because it waits for one. */
interface RecordedPlace extends ChainPlace {
  readonly as: string;
}

/** Of the entries that are not what was hashed, tells those that are and only stand elsewhere: at another position, or under another subject. */
export async function tellMoved(trx: Transaction, suspects: readonly StoredEntry[], faults: AuditFaults): Promise<void> {
  if (suspects.length === 0) return;
  const sealedAt = await placesByHash(
    trx,
    suspects.map(({ hash }) => hash),
  );
  const waitingAt = await placesById(
    trx,
    suspects.map(({ id }) => id),
  );
  for (const entry of suspects) {
    const recorded = sealedAt.get(entry.hash) ?? waitingAt.get(entry.id);
    if (recorded === undefined) continue;
    const { subject, position, as } = recorded;
    if (sha256Of(entryText({ ...entry, subject, position })) !== entry.hash) continue;
    if (subject === entry.subject) faults.refine(entry, 'reordered', `It was recorded at position ${position} (${as}).`);
    else faults.refine(entry, 'renamed', `It was recorded of ${subject} at position ${position} (${as}).`);
  }
}

/** Seals have no index by entry: this reads all of them once, and only when something is wrong. */
async function placesByHash(trx: Transaction, hashes: readonly string[]): Promise<ReadonlyMap<string, RecordedPlace>> {
  const rows = await trx
    .selectFrom('audit_seal')
    .select(['subject', 'position', 'ordinal', sql<string>`encode(entry, 'hex')`.as('entry')])
    .where(sql<boolean>`entry in (select decode(hash, 'hex') from unnest(${[...hashes]}::text[]) as hash)`)
    .execute();
  return new Map(
    rows.map(({ subject, position, ordinal, entry }) => [
      entry,
      { subject, position: Number(position), as: `sealed as number ${ordinal}` },
    ]),
  );
}

async function placesById(trx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, RecordedPlace>> {
  const rows = await trx
    .selectFrom('audit_unsealed')
    .select(['id', 'subject', 'position'])
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .execute();
  return new Map(rows.map(({ id, subject, position }) => [id, { subject, position: Number(position), as: 'not sealed yet' }]));
}
