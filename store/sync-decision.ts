import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';

/** Remembers that an edit was overridden, and by which policy: no edit disappears without a line here. Values are not kept. */
export async function logSyncDecision(
  trx: Transaction,
  decision: {
    connection: string;
    objectType: ObjectType;
    localId: string;
    field: string;
    outcome: 'take' | 'send';
    policy: string;
    at: Instant;
  },
): Promise<void> {
  const { connection, objectType, localId, field, outcome, policy, at } = decision;
  await trx
    .insertInto('sync_decision')
    .values({ connection, object_type: objectType, local_id: localId, field, outcome, policy, at })
    .execute();
}

/** How often edits of this field of this record were written over since `since`: many in a short time are no person's. */
export async function countWrittenOver(
  db: Database | Transaction,
  connection: string,
  objectType: ObjectType,
  localId: string,
  field: string,
  since: Instant,
): Promise<number> {
  const row = await db
    .selectFrom('sync_decision')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('object_type', '=', objectType)
    .where('local_id', '=', localId)
    .where('connection', '=', connection)
    .where('field', '=', field)
    .where('outcome', '=', 'send')
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}
