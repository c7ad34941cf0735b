import { sql } from 'kysely';
import type { AuditFaults } from './audit-fault.ts';
import type { StoredEntry } from './audit-page.ts';
import { digestOfText, digestOfValues } from './audit-text.ts';
import type { Transaction } from './database.ts';

/** So many commands are looked up at once. */
const BATCH = 500;
const SUBJECT = /^(registration|case)\/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;

/** What an entry says of the free text and the values that came with a command. */
interface Written {
  readonly entry: StoredEntry;
  readonly table: 'registration' | 'case';
  readonly id: string;
  readonly commandId: string;
  readonly commentDigest: unknown;
  readonly valuesDigest: unknown;
}

interface StoredText {
  readonly id: string;
  readonly command_id: string;
  readonly comment: string | null;
  readonly amendment: object | null;
}

export interface CommentCheck {
  /** Looks at what came with the command, where the entry is of one. */
  see(entry: StoredEntry): Promise<void>;
  /** Looks at the rest; returns how many commands were compared. */
  finish(): Promise<number>;
}

/** Compares what people wrote, and the values that they asked for, with the digests that the entries of their commands hold. */
export function openCommentCheck(trx: Transaction, faults: AuditFaults): CommentCheck {
  let gathered: Written[] = [];
  let compared = 0;
  const compare = async (): Promise<void> => {
    const batch = gathered;
    gathered = [];
    compared += batch.length;
    for (const table of ['registration', 'case'] as const) {
      const asked = batch.filter((written) => written.table === table);
      const stored = new Map((await readStored(trx, table, asked)).map((row) => [`${row.id} ${row.command_id}`, row]));
      for (const written of asked) tell(written, stored.get(`${written.id} ${written.commandId}`) ?? null, faults);
    }
  };
  return {
    async see(entry) {
      const written = writtenIn(entry);
      if (written === null) return;
      gathered.push(written);
      if (gathered.length >= BATCH) await compare();
    },
    async finish() {
      if (gathered.length > 0) await compare();
      return compared;
    },
  };
}

function writtenIn(entry: StoredEntry): Written | null {
  if (!entry.details.includes('"commentDigest":')) return null;
  const [, table, id] = SUBJECT.exec(entry.subject) ?? [];
  const { commandId, commentDigest, valuesDigest } = JSON.parse(entry.details) as Readonly<Record<string, unknown>>;
  if (table === undefined || id === undefined || typeof commandId !== 'string' || commentDigest === undefined) return null;
  return { entry, table: table as Written['table'], id, commandId, commentDigest, valuesDigest };
}

async function readStored(trx: Transaction, table: Written['table'], asked: readonly Written[]): Promise<readonly StoredText[]> {
  if (asked.length === 0) return [];
  const keys = sql`unnest(${asked.map(({ id }) => id)}::uuid[], ${asked.map(({ commandId }) => commandId)}::text[]) as asked(id, command_id)`;
  const { rows } =
    table === 'registration'
      ? await sql<StoredText>`
          select stored.registration_id as id, stored.command_id, stored.comment, stored.amendment
          from ${keys} join registration_command as stored on stored.registration_id = asked.id and stored.command_id = asked.command_id`.execute(
          trx,
        )
      : await sql<StoredText>`
          select stored.case_id as id, stored.command_id, stored.comment, stored.evidence as amendment
          from ${keys} join case_command as stored on stored.case_id = asked.id and stored.command_id = asked.command_id`.execute(trx);
  return rows;
}

function tell({ entry, commandId, commentDigest, valuesDigest }: Written, stored: StoredText | null, faults: AuditFaults): void {
  const { subject, position } = entry;
  const changed =
    stored === null
      ? ['It is gone']
      : [
          ...(digestOfText(stored.comment) === commentDigest ? [] : ['What a person wrote to it was changed']),
          ...(valuesDigest === undefined || digestOfValues(stored.amendment) === valuesDigest
            ? []
            : ['The values that it asked for were changed']),
        ];
  if (changed.length > 0)
    faults.add({ kind: 'comment', subject, position, message: `Of the command ${commandId}: ${changed.join('; ')}.` });
}
