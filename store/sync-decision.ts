import type { Instant, ObjectType } from '../program/vocabulary.ts';
import type { Transaction } from './database.ts';

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
