import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { factsOf } from '../../program/claim-facts.ts';
import { defaultKind } from '../../program/rules/partner-not-eligible.ts';
import { explainVerdict } from '../../program/explanation.ts';
import { listRegistrationComments } from '../../store/comment.ts';
import { findPartner, type Partner } from '../../store/partner.ts';
import { findRegistration, listRegistrations } from '../../store/registration.ts';
import { findLatestVerdict } from '../../store/verdict.ts';
import { pageFrom, readCursor } from '../cursor.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { FieldProblem } from '../field-problem.ts';
import { outlookFor } from '../presenters/outlook.ts';
import { presentPreview } from '../presenters/preview.ts';
import { presentRegistration, presentRegistrations } from '../presenters/registration.ts';
import { invalid, problem } from '../problem.ts';
import { receiveRegistration } from '../receive-registration.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { addRoute, ok } from '../route.ts';
import { commentAnswer, commentPosition, commentQuery } from '../schemas/comment.ts';
import { createIntake, type Intake } from '../schemas/intake.ts';
import { outlookAnswer } from '../schemas/outlook.ts';
import { pageOf } from '../schemas/page.ts';
import { explanationAnswer, explanationQuery, previewAnswer, registrationAnswer, registrationQuery } from '../schemas/registration.ts';
import { isStorable } from '../schemas/text.ts';

const registrationPosition = z.strictObject({ afterSequence: z.int().min(0) });

export function addRegistrationRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  const intake = createIntake({ now: deps.now, program: () => deps.programs.current() });
  const lookUp = (body: unknown): Promise<readonly FieldProblem[]> => lookUpPartner(deps, body);

  addRoute(app, {
    method: 'POST',
    url: '/registrations',
    tag: 'registrations',
    summary: 'Registers a deal: it is kept once this is answered, and decided after',
    body: intake,
    answer: registrationAnswer,
    creates: true,
    lookUp,
    handle: async ({ body }) => receiveRegistration(deps, await partnerOf(deps, body), body),
  });

  addRoute(app, {
    method: 'POST',
    url: '/registrations/preview',
    tag: 'registrations',
    summary: 'What the program would say of a registration now; nothing is stored',
    body: intake,
    answer: previewAnswer,
    lookUp,
    handle: async ({ body }) => {
      const partner = await partnerOf(deps, body);
      const program = deps.programs.current();
      const { customer, productLines, estimatedValue, expectedCloseDate } = body;
      const claim = {
        partnerId: partner.partnerId,
        kind: body.kind ?? defaultKind(program, partner),
        customer,
        productLines,
        estimatedValue,
        expectedCloseDate,
        facts: factsOf(body.facts, body.evidence),
      };
      const now = deps.now();
      return ok(presentPreview(await deps.preview({ ...claim, submittedAt: now }), program, now));
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/registrations',
    tag: 'registrations',
    summary: 'Registrations in the order of receipt',
    query: registrationQuery,
    answer: pageOf(registrationAnswer),
    handle: async ({ query }) => {
      const cursor = readCursor(query.cursor, registrationPosition);
      const partner = query.partnerId === undefined ? undefined : await findPartner(deps.db, query.partnerId);
      const unknown = partner === null ? [{ path: ['partnerId'], message: 'there is no such partner' }] : [];
      if (cursor.kind === 'broken' || partner === null) return invalid([...unknown, ...(cursor.kind === 'broken' ? cursor.fields : [])]);
      const rows = await listRegistrations(deps.db, {
        status: query.status,
        partnerId: partner?.partnerId,
        afterSequence: cursor.position?.afterSequence,
        limit: query.limit + 1,
      });
      const page = pageFrom(rows, query.limit, ({ sequence }) => ({ afterSequence: sequence }));
      return ok({ items: [...(await presentRegistrations(deps.db, page.rows))], nextCursor: page.nextCursor });
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/registrations/:id',
    tag: 'registrations',
    summary: 'A registration as it stands now',
    answer: registrationAnswer,
    handle: async ({ params }) => {
      const id = recordIdOf(params['id']);
      const registration = id === null ? null : await findRegistration(deps.db, id);
      return registration === null ? notFound('registration', params['id']) : ok(await presentRegistration(deps.db, registration));
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/registrations/:id/outlook',
    tag: 'registrations',
    summary: 'What follows when: who answers by when, and until when it is protected if it is approved now',
    answer: outlookAnswer,
    handle: async ({ params }) => {
      const id = recordIdOf(params['id']);
      const registration = id === null ? null : await findRegistration(deps.db, id);
      return registration === null ? notFound('registration', params['id']) : ok(await outlookFor(deps, registration));
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/registrations/:id/comments',
    tag: 'registrations',
    summary: 'What was said about a registration, the oldest first; with audience=partner only what the partner may read',
    query: commentQuery,
    answer: pageOf(commentAnswer),
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      if (id === null || (await findRegistration(deps.db, id)) === null) return notFound('registration', params['id']);
      const cursor = readCursor(query.cursor, commentPosition);
      if (cursor.kind === 'broken') return invalid(cursor.fields);
      const wanted = { audience: query.audience ?? null, after: cursor.position, limit: query.limit + 1 };
      const page = pageFrom(await listRegistrationComments(deps.db, id, wanted), query.limit, (last) => ({ at: last.at, id: last.id }));
      return ok({ items: [...page.rows], nextCursor: page.nextCursor });
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/registrations/:id/explanation',
    tag: 'registrations',
    summary: 'Why the program decided as it did; what a partner reads never names a rival',
    query: explanationQuery,
    answer: explanationAnswer,
    handle: async ({ params, query }) => {
      const id = recordIdOf(params['id']);
      if (id === null || (await findRegistration(deps.db, id)) === null) return notFound('registration', params['id']);
      const stored = await findLatestVerdict(deps.db, id);
      if (stored === null)
        return problem('not-found', 'The registration was received and not judged yet; ask again in a moment.', [], { 'retry-after': '1' });
      const { trace, ...explained } = explainVerdict(stored.verdict, query.audience, stored);
      return ok({ ...explained, trace: trace.map((entry) => ({ ...entry, evidence: [...entry.evidence] })) });
    },
  });
}

/** Whether there is such a partner, of a body that may be anything. */
async function lookUpPartner(deps: ApiDependencies, body: unknown): Promise<readonly FieldProblem[]> {
  const id = typeof body === 'object' && body !== null && 'partnerId' in body ? body.partnerId : undefined;
  // What is no id at all was reported by the schema.
  if (typeof id !== 'string' || id.trim() === '' || id.trim().length > 100 || !isStorable(id.trim())) return [];
  return (await findPartner(deps.db, id.trim())) === null ? [{ path: ['partnerId'], message: 'there is no such partner' }] : [];
}

async function partnerOf(deps: ApiDependencies, { partnerId }: Intake): Promise<Partner> {
  const partner = await findPartner(deps.db, partnerId);
  if (partner === null) throw new Error('a partner that was there a moment ago is gone');
  return partner;
}
