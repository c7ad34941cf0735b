import { sql } from 'kysely';
import { CHAIN_START, sealText, sha256Of, type Seal } from './audit-text.ts';
import type { Database, Transaction } from './database.ts';

/** The last seal: what stands in it holds for everything that was sealed before. */
export type SealHead = Pick<Seal, 'ordinal' | 'hash'>;

const BUSY = 'busy';

/**
 * Seals what was committed since, at most `limit` entries, in the order of their ids, and returns how many and the last seal. Null: another process is at it.
 *
 * An entry that was committed late, with an id below those of sealed ones, comes next like any other: the order of seals is the order in which they were written.
 * One whose entry is gone is passed over and stays in the table of the unsealed, for the verification to name.
 */
export async function sealEntries(
  db: Database,
  limit: number,
): Promise<{ readonly sealed: number; readonly head: SealHead | null } | null> {
  const result = await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{
      taken: boolean;
    }>`select pg_try_advisory_xact_lock(hashtextextended('audit/seal', 0)) as taken`.execute(trx);
    if (rows[0]?.taken !== true) return BUSY;
    const entries = await trx
      .selectFrom('audit_unsealed')
      .innerJoin('audit_entry', 'audit_entry.id', 'audit_unsealed.id')
      .select(['audit_entry.id', 'audit_entry.subject', 'audit_entry.position', 'audit_entry.hash'])
      .orderBy('audit_unsealed.id')
      .limit(limit)
      .execute();
    const last = await readSealHead(trx);
    if (entries.length === 0) return { sealed: 0, head: last };
    let { ordinal, hash: previous } = last ?? { ordinal: 0, hash: CHAIN_START };
    const seals = entries.map(({ subject, position, hash }): Seal => {
      ordinal += 1;
      const seal = { ordinal, subject, position: Number(position), entry: hash.toString('hex'), previous };
      previous = sha256Of(sealText(seal));
      return { ...seal, hash: previous };
    });
    await insertSeals(trx, seals);
    await trx
      .deleteFrom('audit_unsealed')
      .where(sql<boolean>`id = any(${entries.map(({ id }) => id)}::bigint[])`)
      .execute();
    return { sealed: seals.length, head: { ordinal, hash: previous } };
  });
  return result === BUSY ? null : result;
}

/** Cheap where there is nothing to seal: the table is empty then. */
export async function hasUnsealed(db: Database): Promise<boolean> {
  return (await db.selectFrom('audit_unsealed').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function readSealHead(db: Database | Transaction): Promise<SealHead | null> {
  const row = await db.selectFrom('audit_seal').select(['ordinal', 'hash']).orderBy('ordinal', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : { ordinal: Number(row.ordinal), hash: row.hash.toString('hex') };
}

async function insertSeals(trx: Transaction, seals: readonly Seal[]): Promise<void> {
  const column = <Name extends keyof Seal>(name: Name): readonly Seal[Name][] => seals.map((seal) => seal[name]);
  await sql`
    insert into audit_seal (ordinal, subject, position, entry, previous, hash)
    select ordinal, subject, position, decode(entry, 'hex'), decode(previous, 'hex'), decode(hash, 'hex')
    from unnest(${column('ordinal')}::bigint[], ${column('subject')}::text[], ${column('position')}::bigint[],
      ${column('entry')}::text[], ${column('previous')}::text[], ${column('hash')}::text[]) as seal(ordinal, subject, position, entry, previous, hash)`.execute(
    trx,
  );
}
