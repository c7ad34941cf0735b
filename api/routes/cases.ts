import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { findCase, listCases } from '../../store/conflict-case.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentCase, presentCases } from '../presenters/case.ts';
import { invalid } from '../problem.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { resolveCase } from '../resolve-case.ts';
import { addRoute, ok } from '../route.ts';
import { caseAnswer, caseQuery, resolutionBody } from '../schemas/case.ts';
import { pageOf } from '../schemas/page.ts';

const casePosition = z.strictObject({ openedAt: z.iso.datetime(), id: z.uuid() });

export function addCaseRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/cases',
    tag: 'cases',
    summary: 'Conflicts that people settle, the oldest first',
    query: caseQuery,
    answer: pageOf(caseAnswer),
    handle: async ({ query }) => {
      const cursor = readCursor(query.cursor, casePosition);
      if (cursor.kind === 'broken') return invalid(cursor.fields);
      const rows = await listCases(deps.db, { status: query.status, after: cursor.position, limit: query.limit + 1 });
      const page = pageFrom(rows, query.limit, ({ openedAt, id }) => ({ openedAt, id }));
      return ok({ items: [...(await presentCases(deps.db, page.rows))], nextCursor: page.nextCursor });
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/cases/:id',
    tag: 'cases',
    summary: 'A case as it stands now',
    answer: caseAnswer,
    handle: async ({ params }) => {
      const id = recordIdOf(params['id']);
      const conflict = id === null ? null : await findCase(deps.db, id);
      return conflict === null ? notFound('case', params['id']) : ok(await presentCase(deps.db, conflict));
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/cases/:id/resolution',
    tag: 'cases',
    summary: 'Settles a case in the name of its arbiter, with what follows for every registration in it',
    body: resolutionBody,
    answer: caseAnswer,
    handle: ({ params, body, idempotencyKey }) => resolveCase(deps, params['id'], body, idempotencyKey),
  });
}
