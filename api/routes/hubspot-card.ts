import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../../program/failures.ts';
import { readCasesOf } from '../../store/conflict-case.ts';
import { findAliasByEmail } from '../../store/crm-person.ts';
import { readLinksByRemote } from '../../store/link.ts';
import { findRegistration, type Registration } from '../../store/registration.ts';
import { commandRegistration } from '../command-registration.ts';
import type { CardConnection } from '../crm-card/connection.ts';
import { commandOf, presentCard } from '../crm-card/present-card.ts';
import { ACTION_WORDS } from '../crm-card/words.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { fieldProblemsOf } from '../field-problem.ts';
import { invalid, problem, refused } from '../problem.ts';
import { ok, respond, sendProblem, type Answer } from '../route.ts';
import { cardCommand, cardQuery, type CardAnswer } from '../schemas/crm-card.ts';

const PATH = '/crm-card/hubspot/:connection/registrations/:recordId';
const BODY_LIMIT_BYTES = 64 * 1024;

interface Asked {
  readonly connection: string;
  readonly registration: Registration;
  /** Null: nobody whom the mirror of the portal knows. */
  readonly viewer: string | null;
}

/**
 * What the card on a registration's record in HubSpot asks and sends. HubSpot's signature takes the place of a token: it covers the address with the person who looks, and
 * the body. Who may do what is for the same rules as everywhere.
 */
export async function addHubspotCardRoutes(app: FastifyInstance, deps: ApiDependencies): Promise<void> {
  const { hubspotCards: cards = new Map<string, CardConnection>() } = deps;
  const refuseUnsigned = async (request: FastifyRequest, reply: FastifyReply) => {
    const connection = paramOf(request, 'connection');
    const card = cards.get(connection);
    if (card === undefined) return sendProblem(reply, problem('not-found', 'connection unknown'));
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
    const why = card.refusalOf({ method: request.method, path: request.raw.url ?? '', headers: request.headers, body });
    if (why === null) return undefined;
    request.log.warn({ requestId: request.id, connection, why }, 'a request of a card was refused');
    return sendProblem(reply, problem('unauthorized', 'The signature is not valid.'));
  };

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('preValidation', refuseUnsigned);
    scope.route({
      method: 'GET',
      url: PATH,
      schema: { hide: true },
      handler: async (request, reply) => respond(reply, await answer(deps, cards, request, (asked) => showCard(deps, asked))),
    });
    scope.route({
      method: 'POST',
      url: `${PATH}/commands`,
      schema: { hide: true },
      bodyLimit: BODY_LIMIT_BYTES,
      handler: async (request, reply) => respond(reply, await answer(deps, cards, request, (asked) => obey(deps, asked, request.body))),
    });
  });
}

async function answer<Body>(
  deps: ApiDependencies,
  cards: ReadonlyMap<string, CardConnection>,
  request: FastifyRequest,
  work: (asked: Asked) => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  const connection = paramOf(request, 'connection');
  const query = cardQuery.safeParse(request.query);
  if (!query.success) return invalid(fieldProblemsOf(query.error.issues));
  const { portalId, userEmail, objectTypeId } = query.data;
  const expected = cards.get(connection)?.portalId ?? null;
  if (expected !== null && expected !== portalId)
    return problem('not-found', `Portal ${portalId} is not the one of the connection ${connection}.`);
  if (cards.get(connection)?.isRegistration(objectTypeId) !== true)
    return problem('not-found', 'Registrations are not kept in records of this type.');
  const recordId = paramOf(request, 'recordId');
  const link = (await readLinksByRemote(deps.db, connection, 'registration', [recordId])).get(recordId);
  const registration = link === undefined ? null : await findRegistration(deps.db, link.localId);
  if (registration === null)
    return problem('not-found', 'This record is no deal registration, or it was made a moment ago and has not been read yet.');
  return work({ connection, registration, viewer: await findAliasByEmail(deps.db, connection, userEmail) });
}

async function showCard(deps: ApiDependencies, { registration, viewer }: Asked): Promise<Answer<CardAnswer>> {
  const cases = await readCasesOf(deps.db, [registration.registrationId]);
  return ok(presentCard(registration, cases, viewer, deps.now()));
}

async function obey(deps: ApiDependencies, asked: Asked, raw: unknown): Promise<Answer<CardAnswer & { readonly message: string }>> {
  const body = readJson(raw);
  if (body === undefined) return problem('malformed-json', 'The body could not be read as JSON.');
  const parsed = cardCommand.safeParse(body);
  if (!parsed.success) return invalid(fieldProblemsOf(parsed.error.issues));
  const { action, comment, key } = parsed.data;
  const { registration, viewer } = asked;
  if (viewer === null) return refused(refuse('ACTOR_MAY_NOT_DECIDE', 'You are not known to Dealkeeper yet, so you cannot decide.'));
  if (ACTION_WORDS[action].needsReason && comment === '') return invalid([{ path: ['comment'], message: 'say why: the partner reads it' }]);
  const requested = { command: commandOf(action, viewer), comment, idempotencyKey: `card-${key}` };
  const done = await commandRegistration(deps, registration.registrationId, requested);
  if (done.kind === 'problem') return done;
  const after = (await findRegistration(deps.db, registration.registrationId)) ?? registration;
  const shown = await showCard(deps, { ...asked, registration: after });
  return shown.kind === 'problem' ? shown : ok({ ...shown.body, message: ACTION_WORDS[action].done });
}

function readJson(raw: unknown): unknown {
  try {
    return raw instanceof Uint8Array ? JSON.parse(Buffer.from(raw).toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

function paramOf(request: FastifyRequest, name: string): string {
  return (request.params as Readonly<Record<string, string>>)[name] ?? '';
}
