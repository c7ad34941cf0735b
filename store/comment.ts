import { sql, type RawBuilder } from 'kysely';
import type { CommentAudience } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
import type { Database } from './database.ts';

/** What somebody said about a registration or a case, as the command that carried it. */
export interface Comment {
  readonly id: string;
  readonly by: string;
  readonly audience: CommentAudience;
  readonly text: string;
  readonly at: Instant;
}

export interface CommentQuery {
  /** Only what this audience may read; null: everything. */
  readonly audience: CommentAudience | null;
  readonly after?: { readonly at: Instant; readonly id: string } | undefined;
  readonly limit: number;
}

/** Oldest first. */
export async function listRegistrationComments(db: Database, registrationId: string, query: CommentQuery): Promise<readonly Comment[]> {
  const rows = await db
    .selectFrom('registration_command')
    .select(['command_id', 'command', 'comment', 'received_at'])
    .where('registration_id', '=', registrationId)
    .where(isKept(query))
    .orderBy('received_at')
    .orderBy('command_id')
    .limit(query.limit)
    .execute();
  return rows.flatMap(commentOf);
}

export async function listCaseComments(db: Database, caseId: string, query: CommentQuery): Promise<readonly Comment[]> {
  const rows = await db
    .selectFrom('case_command')
    .select(['command_id', 'command', 'comment', 'received_at'])
    .where('case_id', '=', caseId)
    .where(isKept(query))
    .orderBy('received_at')
    .orderBy('command_id')
    .limit(query.limit)
    .execute();
  return rows.flatMap(commentOf);
}

function isKept({ audience, after }: CommentQuery): RawBuilder<boolean> {
  const isRead = audience === null ? sql`true` : sql`command ->> 'audience' = ${audience}`;
  const isLater = after === undefined ? sql`true` : sql`(received_at, command_id) > (${after.at}::timestamptz, ${after.id})`;
  return sql<boolean>`command ->> 'kind' = 'comment' and outcome ->> 'kind' = 'done' and ${isRead} and ${isLater}`;
}

function commentOf(row: {
  readonly command_id: string;
  readonly command: object | null;
  readonly comment: string | null;
  readonly received_at: string;
}): readonly Comment[] {
  const { actor, audience } = (row.command ?? {}) as { readonly actor?: string; readonly audience?: CommentAudience };
  if (actor === undefined || audience === undefined) return [];
  return [{ id: row.command_id, by: actor, audience, text: row.comment ?? '', at: row.received_at }];
}
