import type { FastifyInstance } from 'fastify';
import { OBJECT_TYPES } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { askForBackfill, readBackfills, type Backfill } from '../../store/backfill.ts';
import { readConnection } from '../../store/connection.ts';
import { countPushes } from '../../store/push-queue.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { notFound } from '../record-id.ts';
import { addRoute, ok } from '../route.ts';
import { backfillAnswer, backfillBody, type BackfillAnswer } from '../schemas/backfill.ts';

/** Backfills: all records of a CRM are read again, in the background. Asking is kept in the store; the workers hear of it and carry it out. */
export function addBackfillRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/sync/backfills/:connection',
    tag: 'sync',
    summary: 'How far the last backfill of a connection has come',
    answer: backfillAnswer,
    handle: async ({ params }) => {
      const { connection = '' } = params;
      if ((await readConnection(deps.db, connection)) === null) return notFound('connection', connection);
      return ok(await present(deps, connection));
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/sync/backfills',
    tag: 'sync',
    summary: 'Has all records of a connection read again, and those of ours written that it lacks; one that is under way goes on',
    body: backfillBody,
    answer: backfillAnswer,
    handle: async ({ body: { connection, objectTypes = OBJECT_TYPES } }) => {
      if ((await readConnection(deps.db, connection)) === null) return notFound('connection', connection);
      await deps.db.transaction().execute(async (trx) => {
        const at = deps.now();
        await askForBackfill(trx, connection, [...new Set(objectTypes)], at);
        await recordAudit(trx, {
          subject: `connection/${connection}`,
          kind: 'backfill asked for',
          actor: 'api',
          details: { objectTypes },
          at,
        });
      });
      return ok(await present(deps, connection));
    },
  });
}

async function present({ db }: ApiDependencies, connection: string): Promise<BackfillAnswer> {
  const backfills = await readBackfills(db, connection);
  const isDone = backfills.every(({ state }) => state === 'done');
  return {
    connection,
    state: backfills.length === 0 ? 'none' : isDone ? 'done' : 'running',
    objects: await Promise.all(
      backfills.map(async (each) => ({ ...shown(each), pendingOut: await countPushes(db, connection, each.objectType) })),
    ),
  };
}

function shown({ objectType, state, reason, done, total, startedAt, endedAt }: Backfill) {
  return { objectType, state, reason, done, total, startedAt, endedAt };
}
