import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { searchPrecedents } from '../../store/precedent.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentPrecedent } from '../presenters/precedent.ts';
import { invalid } from '../problem.ts';
import { addRoute, ok } from '../route.ts';
import { pageOf } from '../schemas/page.ts';
import { precedentAnswer, precedentQuery } from '../schemas/precedent.ts';

const precedentPosition = z.strictObject({ decidedAt: z.iso.datetime(), caseId: z.uuid() });

export function addPrecedentRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/precedents',
    tag: 'cases',
    summary: 'How people settled cases before, the latest first; for insiders',
    query: precedentQuery,
    answer: pageOf(precedentAnswer),
    handle: async ({ query: { cursor: given, limit, ...wanted } }) => {
      const cursor = readCursor(given, precedentPosition);
      if (cursor.kind === 'broken') return invalid(cursor.fields);
      const rows = await searchPrecedents(deps.db, { ...wanted, after: cursor.position, limit: limit + 1 });
      const page = pageFrom(rows, limit, ({ decidedAt, caseId }) => ({ decidedAt, caseId }));
      return ok({ items: page.rows.map(presentPrecedent), nextCursor: page.nextCursor });
    },
  });
}
