import { sql, type Selectable } from 'kysely';
import type { Instant } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import type { EventStreamTable } from './event-table.ts';

/** How a connection hears of changes in its CRM. */
export interface EventStream {
  readonly connection: string;
  /** `away`: the CRM does not tell, and `code` and `message` say why. `stopped`: nobody listens. `off`: by configuration. */
  readonly state: EventStreamTable['state'];
  readonly since: Instant;
  readonly channels: readonly string[];
  /** The place behind the last event, by channel. */
  readonly positions: Readonly<Record<string, string>>;
  /** When the CRM answered last, with or without events; in our clock, as all but `lastEventAt`. */
  readonly heardAt: Instant | null;
  /** When the last change was committed there, in the CRM's clock. */
  readonly lastEventAt: Instant | null;
  /** When the place to go on from was lost last. */
  readonly gapAt: Instant | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly remedy: string | null;
  /** When it is tried again. */
  readonly retryAt: Instant | null;
}

export async function readEventStream(db: Database, connection: string): Promise<EventStream | null> {
  const row = await db.selectFrom('event_stream').selectAll().where('connection', '=', connection).executeTakeFirst();
  return row === undefined ? null : streamOf(row);
}

/** Makes `holder` the one who listens: whoever did before can change nothing any more. Gives how it stood. */
export async function takeEventStream(db: Database, connection: string, holder: string, at: Instant): Promise<EventStream> {
  const row = await db
    .insertInto('event_stream')
    .values({ connection, holder, state: 'stopped', since: at, positions: '{}', channels: [] })
    .onConflict((conflict) => conflict.column('connection').doUpdateSet({ holder }))
    .returningAll()
    .executeTakeFirstOrThrow();
  return streamOf(row);
}

export type StreamChange = Partial<
  Pick<
    EventStream,
    'state' | 'since' | 'channels' | 'positions' | 'heardAt' | 'lastEventAt' | 'gapAt' | 'code' | 'message' | 'remedy' | 'retryAt'
  >
>;

/** Keeps how listening stands. False where another one listens by now: nothing was kept, and whoever asked has to stop. */
export async function saveEventStream(
  db: Database | Transaction,
  connection: string,
  holder: string,
  change: StreamChange,
): Promise<boolean> {
  const { heardAt, lastEventAt, gapAt, retryAt, channels, positions, ...plain } = change;
  const result = await db
    .updateTable('event_stream')
    .set({
      ...plain,
      ...(channels === undefined ? {} : { channels: [...channels] }),
      ...(positions === undefined ? {} : { positions: JSON.stringify(positions) }),
      ...(heardAt === undefined ? {} : { heard_at: heardAt }),
      ...(lastEventAt === undefined ? {} : { last_event_at: sql<string | null>`greatest(last_event_at, ${lastEventAt}::timestamptz)` }),
      ...(gapAt === undefined ? {} : { gap_at: gapAt }),
      ...(retryAt === undefined ? {} : { retry_at: retryAt }),
    })
    .where('connection', '=', connection)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** The channel of a connection whose CRM calls us, so that nobody holds a line open. */
export const WEBHOOKS = 'webhooks';

/** Notes that the CRM of this connection calls us when something changes; what was heard before stays. */
export async function expectWebhooks(db: Database, connection: string, at: Instant): Promise<void> {
  const hearing = {
    holder: WEBHOOKS,
    state: 'listening',
    channels: [WEBHOOKS],
    positions: '{}',
    code: null,
    message: null,
    remedy: null,
    retry_at: null,
  } as const;
  await db
    .insertInto('event_stream')
    .values({ connection, since: at, ...hearing, channels: [WEBHOOKS] })
    .onConflict((conflict) =>
      conflict
        .column('connection')
        .doUpdateSet({ ...hearing, channels: [WEBHOOKS], since: at })
        .where((row) => row.or([row('event_stream.state', '!=', 'listening'), row('event_stream.holder', '!=', WEBHOOKS)])),
    )
    .execute();
}

/** Keeps that a delivery of webhooks was taken at `at`, whose latest change is of `lastEventAt`; null: it told of none. */
export async function noteDelivery(db: Database, connection: string, at: Instant, lastEventAt: Instant | null): Promise<void> {
  await db
    .updateTable('event_stream')
    .set({
      heard_at: sql<string>`greatest(heard_at, ${at}::timestamptz)`,
      last_event_at: sql<string | null>`greatest(last_event_at, ${lastEventAt}::timestamptz)`,
    })
    .where('connection', '=', connection)
    .where('holder', '=', WEBHOOKS)
    .execute();
}

/** Notes that this installation does not listen; the place is kept, in case it does again. */
export async function switchEventsOff(db: Database, connection: string, at: Instant): Promise<void> {
  const off = { holder: '', state: 'off', since: at, code: null, message: null, remedy: null, retry_at: null } as const;
  await db
    .insertInto('event_stream')
    .values({ connection, positions: '{}', channels: [], ...off })
    .onConflict((conflict) => conflict.column('connection').doUpdateSet(off))
    .execute();
}

function streamOf(row: Selectable<EventStreamTable>): EventStream {
  const { connection, state, since, channels, positions, code, message, remedy } = row;
  const [heardAt, lastEventAt, gapAt, retryAt] = [row.heard_at, row.last_event_at, row.gap_at, row.retry_at];
  return { connection, state, since, channels, positions, heardAt, lastEventAt, gapAt, code, message, remedy, retryAt };
}
