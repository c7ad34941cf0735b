import { sql } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import { ENTRY_COLUMNS } from './audit-page.ts';
import { entryText } from './audit-text.ts';
import type { Database } from './database.ts';

const PAGE = 1_000;

export interface AuditFilter {
  readonly subject: string | null;
  /** Entries of this instant and later. */
  readonly since: Instant | null;
  /** Entries before this instant. */
  readonly until: Instant | null;
}

/**
 * The entries in the order in which they were recorded, a page at a time, each as one line of JSON: `hash`, `seal` (null while it has none) and `entry`, which is
 * the very text that was hashed. All pages are of one moment.
 */
export async function* exportAudit(db: Database, { subject, since, until }: AuditFilter): AsyncGenerator<readonly string[]> {
  // A transaction cannot be held over the pages of a generator by a callback.
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  try {
    // Within a subject both are the same order, and each has its index.
    const order = subject === null ? 'audit_entry.id' : 'audit_entry.position';
    for (let after = '0'; ;) {
      let query = trx
        .selectFrom('audit_entry')
        .leftJoin('audit_seal', (join) =>
          join.onRef('audit_seal.subject', '=', 'audit_entry.subject').onRef('audit_seal.position', '=', 'audit_entry.position'),
        )
        .select(ENTRY_COLUMNS)
        .select([
          'audit_seal.ordinal',
          sql<string>`encode(audit_seal.previous, 'hex')`.as('sealed_after'),
          sql<string>`encode(audit_seal.hash, 'hex')`.as('seal_hash'),
        ])
        .where(order, '>', after)
        .orderBy(order)
        .limit(PAGE);
      if (subject !== null) query = query.where('audit_entry.subject', '=', subject);
      if (since !== null) query = query.where('audit_entry.at', '>=', since);
      if (until !== null) query = query.where('audit_entry.at', '<', until);
      const rows = await query.execute();
      if (rows.length > 0)
        yield rows.map(({ ordinal, sealed_after, seal_hash, ...row }) => {
          const seal = ordinal === null ? null : { hash: seal_hash, ordinal: Number(ordinal), previous: sealed_after };
          return `{"hash":"${row.hash}","seal":${JSON.stringify(seal)},"entry":${entryText({ ...row, position: Number(row.position) })}}`;
        });
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = subject === null ? last.id : last.position;
    }
  } finally {
    await trx.rollback().execute();
  }
}
