import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { namedPeople } from '../../program/approval/named-people.ts';
import { endAbsenceNow, enterAbsence, MOST_ABSENCES } from '../../store/absence-change.ts';
import { listAbsences, type StoredAbsence } from '../../store/absence.ts';
import { readKnown } from '../../store/people.ts';
import { listQuestionsOf } from '../../store/question.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { invalid } from '../problem.ts';
import { notFound, recordIdOf } from '../record-id.ts';
import { addRoute, ok } from '../route.ts';
import { absenceAnswer, absenceEnd, createAbsenceBody, questionAnswer } from '../schemas/absence.ts';
import { alias, ALIAS_EXPECTED } from '../schemas/text.ts';

/** Nobody has more open at once; what is due first is shown. */
const MOST_QUESTIONS = 500;

const questions = z.object({ items: z.array(questionAnswer) });
const absences = z.object({ items: z.array(absenceAnswer) });

export function addUserRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'GET',
    url: '/users/:alias/questions',
    tag: 'users',
    summary: 'What a person is asked and has not answered, what is due first first',
    answer: questions,
    handle: async ({ params }) => {
      const named = alias.safeParse(params['alias']);
      if (!named.success) return UNKNOWN;
      const open = await listQuestionsOf(deps.db, named.data, MOST_QUESTIONS);
      return ok({
        items: open.map(({ subject, number, kind, registrationId, role, reason, approver, onBehalfOf, dueAt, putAt, remindedAt }) => ({
          subject,
          number,
          kind,
          registrationId,
          step: role,
          reason,
          approver,
          onBehalfOf,
          dueAt,
          askedAt: putAt,
          remindedAt,
        })),
      });
    },
  });

  addRoute(app, {
    method: 'GET',
    url: '/users/:alias/absences',
    tag: 'users',
    summary: 'When a person is or will be away, and who answers instead',
    answer: absences,
    handle: async ({ params }) => {
      const named = alias.safeParse(params['alias']);
      if (!named.success) return UNKNOWN;
      return ok({ items: (await listAbsences(deps.db, named.data, deps.now())).map(presentAbsence) });
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/users/:alias/absences',
    tag: 'users',
    summary: 'Says that a person is away from one time to another; what they are asked is put to whoever stands in',
    body: createAbsenceBody(() => deps.programs.current()),
    answer: absenceAnswer,
    handle: async ({ params, body: { from, until, delegate, scope, actor } }) => {
      const named = alias.safeParse(params['alias']);
      if (!named.success) return UNKNOWN;
      if (delegate === named.data) return invalid([{ path: ['delegate'], message: 'expected somebody else' }]);
      if (Date.parse(until) <= Date.parse(deps.now()))
        return invalid([{ path: ['until'], message: `expected a time to come; now it is ${deps.now()}` }]);
      const known = await knownUsers(deps, [named.data, ...(delegate === null ? [] : [delegate])]);
      if (!known.includes(named.data)) return notFound('user', named.data);
      if (delegate !== null && !known.includes(delegate)) return invalid([{ path: ['delegate'], message: 'there is no such user' }]);
      const absence: StoredAbsence = { id: deps.newId(), alias: named.data, from, until, delegate, scope, enteredBy: actor };
      const entered = await deps.db.transaction().execute((trx) => enterAbsence(trx, absence, deps.now()));
      if (entered.kind === 'too_many')
        return invalid([
          { path: ['alias'], message: `expected at most ${MOST_ABSENCES} absences that are not over; ${named.data} has as many` },
        ]);
      return ok(presentAbsence(entered.absence));
    },
  });

  addRoute(app, {
    method: 'POST',
    url: '/users/:alias/absences/:id/end',
    tag: 'users',
    summary: 'Ends an absence now, or calls it off before it begins',
    body: absenceEnd,
    answer: absences,
    handle: async ({ params, body: { actor } }) => {
      const named = alias.safeParse(params['alias']);
      const id = recordIdOf(params['id']);
      if (!named.success) return UNKNOWN;
      if (id === null) return notFound('absence', params['id']);
      const { fallback } = deps.programs.current().governance;
      const ended = await deps.db
        .transaction()
        .execute((trx) => endAbsenceNow(trx, { alias: named.data, id, actor }, fallback, deps.now()));
      if (!ended) return notFound('absence', params['id']);
      return ok({ items: (await listAbsences(deps.db, named.data, deps.now())).map(presentAbsence) });
    },
  });
}

const UNKNOWN = invalid([{ path: ['alias'], message: ALIAS_EXPECTED }]);

/** Those whom the program names, a CRM knows, or a partner belongs to: the absence of anybody else would be a slip of typing that changes nothing. */
async function knownUsers(deps: ApiDependencies, aliases: readonly string[]): Promise<readonly string[]> {
  const named = namedPeople(deps.programs.current());
  return aliases.every((one) => named.includes(one)) ? named : [...named, ...(await readKnown(deps.db, aliases))];
}

function presentAbsence({ id, alias: of, from, until, delegate, scope, enteredBy }: StoredAbsence): z.output<typeof absenceAnswer> {
  return {
    id,
    alias: of,
    from,
    until,
    delegate,
    scope: { kinds: [...scope.kinds], regions: [...scope.regions], upTo: scope.upTo },
    enteredBy,
  };
}
