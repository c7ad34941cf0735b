import { sql } from 'kysely';
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

const IS_KEPT_COMMENT = sql<boolean>`command ->> 'kind' = 'comment' and outcome ->> 'kind' = 'done'`;

/** Oldest first; only what this audience may read, where one is named. */
export async function listRegistrationComments(
  db: Database,
  registrationId: string,
  audience: CommentAudience | null,
): Promise<readonly Comment[]> {
  const rows = await db
    .selectFrom('registration_command')
    .select(['command_id', 'command', 'comment', 'received_at'])
    .where('registration_id', '=', registrationId)
    .where(IS_KEPT_COMMENT)
    .orderBy('received_at')
    .orderBy('command_id')
    .execute();
  return rows.flatMap(commentOf).filter((comment) => audience === null || comment.audience === audience);
}

export async function listCaseComments(db: Database, caseId: string, audience: CommentAudience | null): Promise<readonly Comment[]> {
  const rows = await db
    .selectFrom('case_command')
    .select(['command_id', 'command', 'comment', 'received_at'])
    .where('case_id', '=', caseId)
    .where(IS_KEPT_COMMENT)
    .orderBy('received_at')
    .orderBy('command_id')
    .execute();
  return rows.flatMap(commentOf).filter((comment) => audience === null || comment.audience === audience);
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
