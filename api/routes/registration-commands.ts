import type { FastifyInstance } from 'fastify';
import { findPartner } from '../../store/partner.ts';
import { PARTNER_ACTOR } from '../../program/registration-life.ts';
import { commandRegistration } from '../command-registration.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { invalid } from '../problem.ts';
import { addRoute } from '../route.ts';
import { appealBody, decisionBody, extensionBody, revocationBody, transferBody, withdrawalBody } from '../schemas/command.ts';
import { commentBody, handOverBody } from '../schemas/comment.ts';
import { createAmendment } from '../schemas/intake.ts';
import { registrationAnswer } from '../schemas/registration.ts';

export function addRegistrationCommandRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  const command = { method: 'POST', tag: 'registrations', answer: registrationAnswer } as const;

  addRoute(app, {
    ...command,
    url: '/registrations/:id/decisions',
    summary: 'Approves, denies or returns a registration in the name of a person who may',
    body: decisionBody,
    handle: ({ params, body: { decision, comment, actor }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'decide', decision, actor }, comment, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/amend',
    summary: 'Changes fields of a registration; it is judged again',
    body: createAmendment({ now: deps.now, program: () => deps.programs.current() }),
    handle: ({ params, body, idempotencyKey }) =>
      commandRegistration(deps, params['id'], {
        command: { kind: 'amend', actor: PARTNER_ACTOR },
        comment: '',
        values: body,
        idempotencyKey,
      }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/withdraw',
    summary: 'Withdraws a registration',
    body: withdrawalBody,
    handle: ({ params, body, idempotencyKey }) =>
      commandRegistration(deps, params['id'], {
        command: { kind: 'withdraw', actor: PARTNER_ACTOR },
        comment: body.reason,
        idempotencyKey,
      }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/extend',
    summary: 'Prolongs the protection of an approved registration',
    body: extensionBody,
    handle: ({ params, body: { days, reason }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'extend', days, actor: PARTNER_ACTOR }, comment: reason, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/revoke',
    summary: 'Takes the protection of an approved registration away, in the name of a director or somebody above',
    body: revocationBody,
    handle: ({ params, body: { reason, actor }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'revoke', actor }, comment: reason, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/transfer',
    summary: 'Gives an approved registration to another partner, in the name of a director or somebody above',
    body: transferBody,
    async handle({ params, body: { partnerId, reason, actor }, idempotencyKey }) {
      const partner = await findPartner(deps.db, partnerId);
      if (partner === null) return invalid([{ path: ['partnerId'], message: 'there is no such partner' }]);
      const transfer = { kind: 'transfer', partnerId: partner.partnerId, actor } as const;
      return commandRegistration(deps, params['id'], { command: transfer, comment: reason, idempotencyKey });
    },
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/delegate',
    summary: 'Lets somebody else answer in the place of whoever is asked; the deadline stays, and the lower limit of both holds',
    body: handOverBody,
    handle: ({ params, body: { to, actor, reason }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'delegate', to, actor }, comment: reason, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/reassign',
    summary: 'Puts the open question to somebody else, in the name of a role above',
    body: handOverBody,
    handle: ({ params, body: { to, actor, reason }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'reassign', to, actor }, comment: reason, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/comments',
    summary: 'Says something to the partner, which counts as being in touch, or among insiders',
    body: commentBody,
    handle: ({ params, body: { text, audience, actor }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], { command: { kind: 'comment', audience, actor }, comment: text, idempotencyKey }),
  });

  addRoute(app, {
    ...command,
    url: '/registrations/:id/appeal',
    summary: 'Appeals against a denial, or the end of a protection, on new evidence',
    body: appealBody,
    handle: ({ params, body: { reason, evidence }, idempotencyKey }) =>
      commandRegistration(deps, params['id'], {
        command: { kind: 'appeal', actor: PARTNER_ACTOR },
        comment: reason,
        values: { evidence },
        idempotencyKey,
      }),
  });
}
