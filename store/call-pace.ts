import { sql } from 'kysely';
import type { Database } from './database.ts';

/** A bucket from which calls leave `spacingMs` apart, `burst` of them at once where none did for a while. */
export interface CallBucket {
  readonly connection: string;
  readonly bucket: string;
  readonly spacingMs: number;
  readonly burst: number;
}

/** Nobody waits so long: a turn that is further away was given by a clock that has been set back since. */
const LONGEST_QUEUE = sql`interval '10 minutes'`;

/**
 * Takes the next turn of the bucket, one statement for whichever process asks, by the database's clock. The answer is how long to wait for it, in milliseconds; a turn
 * that is not used is lost, and nothing else.
 */
export async function reserveCall(db: Database, { connection, bucket, spacingMs, burst }: CallBucket): Promise<number> {
  const spacing = sql`make_interval(secs => ${spacingMs / 1_000})`;
  const { rows } = await sql<{ readonly wait_ms: number }>`
    insert into call_pace as pace (connection, bucket, free_at) values (${connection}, ${bucket}, clock_timestamp() + ${spacing})
    on conflict (connection, bucket) do update set free_at = ${spacing} + case
      when pace.free_at between clock_timestamp() and clock_timestamp() + ${LONGEST_QUEUE} then pace.free_at
      else clock_timestamp()
    end
    returning (extract(epoch from pace.free_at - clock_timestamp()) * 1000 - ${burst * spacingMs})::float8 as wait_ms`.execute(db);
  return Math.max(0, rows[0]?.wait_ms ?? 0);
}
