import type { FastifyInstance } from 'fastify';
import type { RegistrationCommand } from '../../program/registration-life.ts';
import { commandRegistration } from '../command-registration.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { FieldProblem } from '../field-problem.ts';
import { invalid } from '../problem.ts';
import { addRoute } from '../route.ts';
import { opportunityBody, type OpportunityBody } from '../schemas/opportunity.ts';
import { registrationAnswer } from '../schemas/registration.ts';

export function addOpportunityRoutes(app: FastifyInstance, deps: ApiDependencies): void {
  addRoute(app, {
    method: 'POST',
    url: '/registrations/:id/opportunity',
    tag: 'registrations',
    summary: 'Links a registration to an opportunity of the CRM, moves or takes away the link, or has an opportunity made',
    body: opportunityBody,
    answer: registrationAnswer,
    async handle({ params, body, idempotencyKey }) {
      const named = connectionOf(deps.connections, body.connection);
      if (named.kind === 'unknown') return invalid([named.problem]);
      return commandRegistration(deps, params['id'], {
        command: commandOf(body, named.connection),
        comment: body.reason,
        idempotencyKey,
      });
    },
  });
}

function connectionOf(
  connections: readonly string[],
  named: string | undefined,
): { readonly kind: 'known'; readonly connection: string } | { readonly kind: 'unknown'; readonly problem: FieldProblem } {
  const [only, ...others] = connections;
  const connection = named ?? (others.length === 0 ? only : undefined);
  if (connection !== undefined && connections.includes(connection)) return { kind: 'known', connection };
  const message = connections.length === 0 ? 'there is no connection to a CRM' : `expected one of ${connections.join(', ')}`;
  return { kind: 'unknown', problem: { path: ['connection'], message } };
}

function commandOf({ action, opportunity = '', primary, actor }: OpportunityBody, connection: string): RegistrationCommand {
  switch (action) {
    case 'link':
    case 'relink':
      return { kind: action, connection, opportunity, primary: primary ?? null, actor };
    case 'unlink':
      return { kind: 'unlink', connection, actor };
    case 'create':
      return { kind: 'create_opportunity', connection, actor };
  }
}
