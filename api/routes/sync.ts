import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { readConnections, type ConnectionState } from '../../store/connection.ts';
import { readEventStream } from '../../store/event-stream.ts';
import { countPushes, queuePush } from '../../store/push-queue.ts';
import { readCursor as readSyncCursor } from '../../store/sync-cursor.ts';
import { countOpenIssues, findIssue, listIssues, setIssueStatus, bringIssueForward, type SyncIssue } from '../../store/sync-issue.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentEvents, presentIssue } from '../presenters/sync.ts';
import { invalid, problem } from '../problem.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { addRoute, ok, type Answer } from '../route.ts';
import { pageOf } from '../schemas/page.ts';
import { issueAnswer, issueQuery, syncStatusAnswer, type IssueAnswer, type SyncStatusAnswer } from '../schemas/sync.ts';

const issuePosition = z.strictObject({ createdAt: z.iso.datetime(), id: z.uuid() });

export function addSyncRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/sync/status',
    tag: 'sync',
    summary: 'How every connection stands, and how far behind each kind of record is',
    answer: syncStatusAnswer,
    handle: async () =>
      ok({ connections: await Promise.all((await readConnections(deps.db)).map((connection) => presentConnection(deps, connection))) }),
  });

  addRoute(app, {
    method: 'GET',
    url: '/sync/issues',
    tag: 'sync',
    summary: 'Records that sync could not carry, the oldest first, each with what to do',
    query: issueQuery,
    answer: pageOf(issueAnswer),
    handle: async ({ query }) => {
      const cursor = readCursor(query.cursor, issuePosition);
      if (cursor.kind === 'broken') return invalid(cursor.fields);
      const rows = await listIssues(deps.db, {
        status: query.status,
        connection: query.connection,
        after: cursor.position,
        limit: query.limit + 1,
      });
      const page = pageFrom(rows, query.limit, ({ createdAt, id }) => ({ createdAt, id }));
      return ok({ items: page.rows.map(presentIssue), nextCursor: page.nextCursor });
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/sync/issues/:id/retry',
    tag: 'sync',
    summary: 'Closes an issue and carries its record again',
    answer: issueAnswer,
    handle: ({ params }) => settleIssue(deps, params['id'], 'resolved'),
  });

  addRoute(app, {
    method: 'POST',
    url: '/sync/issues/:id/skip',
    tag: 'sync',
    summary: 'Sets an issue aside',
    answer: issueAnswer,
    handle: ({ params }) => settleIssue(deps, params['id'], 'skipped'),
  });
}

async function presentConnection(deps: ApiDependencies, connection: ConnectionState): Promise<SyncStatusAnswer['connections'][number]> {
  const { name, state, reason, calls } = connection;
  const objects = await Promise.all(OBJECT_TYPES.map((objectType) => presentObject(deps, name, objectType)));
  const events = await readEventStream(deps.db, name);
  return {
    name,
    state,
    reason,
    calls: { today: calls?.used ?? 0, limit: calls?.limit ?? null, held: calls?.held ?? null, resetsAt: calls?.resetsAt ?? null },
    events: events === null ? null : presentEvents(events, Date.parse(deps.now())),
    objects,
  };
}

async function presentObject(
  deps: ApiDependencies,
  connection: string,
  objectType: ObjectType,
): Promise<SyncStatusAnswer['connections'][number]['objects'][number]> {
  const { pulledAt } = await readSyncCursor(deps.db, connection, objectType);
  return {
    objectType,
    // The clock of another process may be a little ahead.
    lagSeconds: pulledAt === null ? null : Math.max(0, Math.round((Date.parse(deps.now()) - Date.parse(pulledAt)) / 1000)),
    pendingOut: await countPushes(deps.db, connection, objectType),
    openIssues: await countOpenIssues(deps.db, connection, objectType),
  };
}

/** A record of ours that is tried again is queued, and its issue closed; one that only the CRM has is read again by the next pull, which closes the issue if it can. */
async function settleIssue(deps: ApiDependencies, id: string | undefined, status: 'resolved' | 'skipped'): Promise<Answer<IssueAnswer>> {
  const issueId = recordIdOf(id);
  const issue = issueId === null ? null : await findIssue(deps.db, issueId);
  if (issue === null) return notFound('sync issue', id);
  if (issue.status === 'resolved' || issue.status === status) {
    return problem('state-does-not-allow', `The issue is ${issue.status} already.`);
  }
  const isReadAgain = status === 'resolved' && issue.localId === null;
  await deps.db.transaction().execute(async (trx) => {
    const now = deps.now();
    if (isReadAgain) await bringIssueForward(trx, issue);
    else await setIssueStatus(trx, issue.id, status, now);
    if (status === 'resolved' && issue.localId !== null) await queuePush(trx, [issue.connection], issue.objectType, [issue.localId]);
    await recordAudit(trx, {
      subject: `sync-issue/${issue.id}`,
      kind: status === 'resolved' ? 'retried' : 'skipped',
      actor: 'api',
      details: subjectOf(issue),
      at: now,
    });
  });
  return ok(presentIssue({ ...issue, status: isReadAgain ? 'open' : status }));
}

function subjectOf({ connection, objectType, localId, remoteId, code }: SyncIssue): object {
  return { connection, objectType, localId, remoteId, code };
}
