import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { findCase, listCases } from '../../store/conflict-case.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import { listStatements } from '../../store/case-statement.ts';
import { listCaseComments } from '../../store/comment.ts';
import { commandCase, stateInCase } from '../command-case.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { presentCaseDetail, presentCases } from '../presenters/case.ts';
import { presentStatement } from '../presenters/statement.ts';
import { invalid } from '../problem.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { addRoute, ok } from '../route.ts';
import { caseAnswer, caseDetail, caseQuery, resolutionBody, statementAnswer, statementBody, statementQuery } from '../schemas/case.ts';
import { commentAnswer, commentBody, commentPosition, commentQuery, handOverBody } from '../schemas/comment.ts';
import { pageOf } from '../schemas/page.ts';

const HAND_OVER_SUMMARIES = {
  delegate: 'Lets somebody else settle the case in the place of whoever is asked; the deadline stays',
  reassign: 'Puts the question to somebody else, in the name of a role above',
} as const;

/** Who acts where the partner's portal calls. */
const PARTNER = 'partner';

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
    summary: 'A case as it stands now, for whoever decides it: with what all sides said',
    answer: caseDetail,
    handle: async ({ params }) => {
      const id = recordIdOf(params['id']);
      const conflict = id === null ? null : await findCase(deps.db, id);
      return conflict === null ? notFound('case', params['id']) : ok(await presentCaseDetail(deps, conflict));
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/cases/:id/resolution',
    tag: 'cases',
    summary: 'Settles a case in the name of its arbiter, with what follows for every registration in it',
    body: resolutionBody,
    answer: caseAnswer,
    handle: ({ params, body: { outcome, registrationId, shares, remediation, comment, actor }, idempotencyKey }) => {
      const terms = {
        outcome,
        registrationId,
        ...(shares === undefined ? {} : { shares }),
        ...(remediation === undefined ? {} : { remediation }),
      };
      return commandCase(deps, params['id'], { ...terms, actor }, comment, idempotencyKey);
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/cases/:id/statements',
    tag: 'cases',
    summary: 'Says what speaks for one side of a case, in the name of its partner; the other sides never read it',
    body: statementBody,
    answer: statementAnswer,
    handle: ({ params, body: { registrationId, ...said }, idempotencyKey }) =>
      stateInCase(deps, params['id'], registrationId, { ...said, actor: PARTNER }, idempotencyKey),
  });

  addRoute(app, {
    method: 'GET',
    url: '/cases/:id/statements',
    tag: 'cases',
    summary: 'What was said in a case, the oldest first; with registrationId what its own partner said',
    query: statementQuery,
    answer: z.object({ items: z.array(statementAnswer) }),
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      if (id === null || (await findCase(deps.db, id)) === null) return notFound('case', params['id']);
      const statements = await listStatements(deps.db, id, query.registrationId ?? null);
      return ok({ items: statements.map(presentStatement) });
    },
  });

  for (const kind of ['delegate', 'reassign'] as const) {
    addRoute(app, {
      method: 'POST',
      url: `/cases/:id/${kind}`,
      tag: 'cases',
      summary: HAND_OVER_SUMMARIES[kind],
      body: handOverBody,
      answer: caseAnswer,
      handle: ({ params, body: { to, actor, reason }, idempotencyKey }) =>
        commandCase(deps, params['id'], { kind, to, actor }, reason, idempotencyKey),
    });
  }

  addRoute(app, {
    method: 'POST',
    url: '/cases/:id/comments',
    tag: 'cases',
    summary: 'Keeps a comment on a case',
    body: commentBody,
    answer: caseAnswer,
    handle: ({ params, body: { text, audience, actor }, idempotencyKey }) =>
      commandCase(deps, params['id'], { kind: 'comment', audience, actor }, text, idempotencyKey),
  });

  addRoute(app, {
    method: 'GET',
    url: '/cases/:id/comments',
    tag: 'cases',
    summary: 'What was said about a case, the oldest first',
    query: commentQuery,
    answer: pageOf(commentAnswer),
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      if (id === null || (await findCase(deps.db, id)) === null) return notFound('case', params['id']);
      const cursor = readCursor(query.cursor, commentPosition);
      if (cursor.kind === 'broken') return invalid(cursor.fields);
      const wanted = { audience: query.audience ?? null, after: cursor.position, limit: query.limit + 1 };
      const page = pageFrom(await listCaseComments(deps.db, id, wanted), query.limit, (last) => ({ at: last.at, id: last.id }));
      return ok({ items: [...page.rows], nextCursor: page.nextCursor });
    },
  });
}
