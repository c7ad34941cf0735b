import { sql, type RawBuilder } from 'kysely';
import type { ChainedEntry, Seal } from './audit-text.ts';
import type { Transaction } from './database.ts';

/** So many rows are read at once: memory holds a page of each table, however long the history is. */
const PAGE = 1_000;

/** Where something stands in the order in which all subjects' chains are read: by the bytes of the subject, then by position. */
export interface ChainPlace {
  readonly subject: string;
  readonly position: number;
}

/** `id`: the order of insertion over all subjects. */
export interface StoredEntry extends ChainedEntry {
  readonly id: string;
}

export interface SubjectHead extends ChainPlace {
  readonly hash: string;
}

/** An entry that waits to be sealed. */
export interface WaitingEntry extends ChainPlace {
  readonly id: string;
}

/** Rows in order, a page in memory at a time. `current` is null at the end. */
export interface Feed<Row> {
  readonly current: Row | null;
  next(): Promise<void>;
}

/** Opens a feed on its first row. `readPage` gives the rows after one, in order; fewer than a page are the last. */
async function openFeed<Row>(readPage: (after: Row | null) => Promise<readonly Row[]>): Promise<Feed<Row>> {
  let page = await readPage(null);
  let at = 0;
  return {
    get current() {
      return page[at] ?? null;
    },
    async next() {
      const last = page[at];
      at += 1;
      if (at < page.length || page.length < PAGE || last === undefined) return;
      page = await readPage(last);
      at = 0;
    },
  };
}

/** A bytea as it is compared and shown. */
const hex = (column: string): RawBuilder<string> => sql<string>`encode(${sql.ref(column)}, 'hex')`;

/** Times and details leave the database as texts: nothing of them is lost on the way. */
export const ENTRY_COLUMNS = [
  sql<string>`audit_entry.id`.as('id'),
  sql<string>`audit_entry.subject`.as('subject'),
  sql<string>`audit_entry.position`.as('position'),
  sql<string>`to_char(audit_entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'),
  sql<string>`audit_entry.kind`.as('kind'),
  sql<string>`audit_entry.actor`.as('actor'),
  sql<string>`audit_entry.details::text`.as('details'),
  hex('audit_entry.previous').as('previous'),
  hex('audit_entry.hash').as('hash'),
] as const;

const SEAL_COLUMNS = [
  'ordinal',
  'subject',
  'position',
  hex('entry').as('entry'),
  hex('previous').as('previous'),
  hex('hash').as('hash'),
] as const;

const EVERYTHING = sql<boolean>`true`;

/** Everything behind a place. */
function behind(after: ChainPlace | null): RawBuilder<boolean> {
  return after === null ? EVERYTHING : sql<boolean>`(subject, position) > (${after.subject}, ${after.position}::bigint)`;
}

export function feedEntries(trx: Transaction): Promise<Feed<StoredEntry>> {
  return openFeed(async (after: StoredEntry | null) => {
    const query = trx.selectFrom('audit_entry').select(ENTRY_COLUMNS).where(behind(after));
    return (await query.orderBy('subject').orderBy('position').limit(PAGE).execute()).map(withNumbers);
  });
}

export function feedSealsBySubject(trx: Transaction): Promise<Feed<Seal>> {
  return openFeed(async (after: Seal | null) => {
    const query = trx.selectFrom('audit_seal').select(SEAL_COLUMNS).where(behind(after));
    return (await query.orderBy('subject').orderBy('position').limit(PAGE).execute()).map(withNumbers);
  });
}

export function feedSeals(trx: Transaction): Promise<Feed<Seal>> {
  return openFeed(async (after: Seal | null) => {
    const query = trx
      .selectFrom('audit_seal')
      .select(SEAL_COLUMNS)
      .where(after === null ? EVERYTHING : sql<boolean>`ordinal > ${after.ordinal}::bigint`);
    return (await query.orderBy('ordinal').limit(PAGE).execute()).map(withNumbers);
  });
}

export function feedWaiting(trx: Transaction): Promise<Feed<WaitingEntry>> {
  return openFeed(async (after: WaitingEntry | null) => {
    const query = trx.selectFrom('audit_unsealed').select(['id', 'subject', 'position']).where(behind(after));
    return (await query.orderBy('subject').orderBy('position').limit(PAGE).execute()).map(withNumbers);
  });
}

export function feedHeads(trx: Transaction): Promise<Feed<SubjectHead>> {
  return openFeed(async (after: SubjectHead | null) => {
    const query = trx
      .selectFrom('audit_head')
      .select(['subject', 'position', hex('hash').as('hash')])
      .where(after === null ? EVERYTHING : sql<boolean>`subject > ${after.subject}`);
    return (await query.orderBy('subject').limit(PAGE).execute()).map(withNumbers);
  });
}

/** Counts arrive as strings; those of a history fit a number. */
function withNumbers<Row extends { readonly position: string; readonly ordinal?: string }>(row: Row) {
  const { position, ordinal, ...rest } = row;
  return { ...rest, position: Number(position), ...(ordinal === undefined ? {} : { ordinal: Number(ordinal) }) } as Omit<
    Row,
    'position' | 'ordinal'
  > & { readonly position: number } & (Row extends { readonly ordinal: string } ? { readonly ordinal: number } : unknown);
}

/** By the bytes of the subject, as the database orders them, then by position. */
export function comparePlaces(one: ChainPlace, other: ChainPlace): number {
  if (one.subject !== other.subject) return Buffer.compare(Buffer.from(one.subject), Buffer.from(other.subject));
  return one.position - other.position;
}
