import { sql } from 'kysely';
import type { ClaimEvent } from '../../program/notification/claim-event.ts';
import type { Database } from '../../store/database.ts';
import { messageIdOf, queueMessages, type NewMessage, type StoredMessage } from '../../store/message.ts';
import { claimPayload } from '../program/notification/message-example.ts';

const WON: ClaimEvent = { type: 'registration.won' };

/** A message to a partner about a claim of its own. `identity` and `lane` tell it from others. */
export function newMessage(changes: Partial<NewMessage> = {}): NewMessage {
  const lane = changes.lane ?? 'registration/11111111-1111-4111-8111-111111111111';
  return {
    identity: `${lane}/event`,
    subject: lane,
    lane,
    event: 'registration.won',
    recipient: { kind: 'partner', partnerId: '22222222-2222-4222-8222-222222222222' },
    channel: 'webhook',
    payload: claimPayload(WON),
    occurredAt: '2026-11-16T15:00:00.000Z',
    skippedFor: null,
    ...changes,
  };
}

/** The `count` messages of one lane, in their order. */
export function messagesOfLane(lane: string, count: number, changes: Partial<NewMessage> = {}): readonly NewMessage[] {
  return Array.from({ length: count }, (_, at) =>
    newMessage({
      lane,
      identity: `${lane}/${at}`,
      payload: claimPayload({ type: 'registration.commented', commentId: `${lane}/${at}`, text: `${at}` }),
      ...changes,
    }),
  );
}

export async function queue(db: Database, ...messages: readonly NewMessage[]): Promise<readonly string[]> {
  await db.transaction().execute((trx) => queueMessages(trx, messages));
  return messages.map(messageIdOf);
}

/** Everything that was put off or held may be tried now, as if its pause were over. Leases count as pauses. */
export async function endPauses(db: Database): Promise<void> {
  await sql`update message set not_before = now() where status = 'queued'`.execute(db);
  await sql`update message_channel set held_until = now()`.execute(db);
}

/** As if these had been queued so much earlier. */
export async function makeOlder(db: Database, ids: readonly string[], byMs: number): Promise<void> {
  const earlier = sql<string>`${byMs} * interval '1 millisecond'`;
  await db
    .updateTable('message')
    .set({ created_at: sql<string>`created_at - ${earlier}`, give_up_at: sql<string>`give_up_at - ${earlier}` })
    .where('id', 'in', [...ids])
    .execute();
}

export function idsOf(messages: readonly Pick<StoredMessage, 'id'>[]): readonly string[] {
  return messages.map(({ id }) => id);
}
