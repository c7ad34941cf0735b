import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { z } from 'zod';
import { InvalidInput } from './input-compiler.ts';
import { invalid, type Problem } from './problem.ts';
import type { FieldProblem } from './field-problem.ts';
import { problemDocument } from './schemas/problem-document.ts';

/** What a route answers: a success with its body, or a problem. */
export type Answer<Body> = { readonly kind: 'ok'; readonly status: 200 | 201; readonly body: Body; readonly location?: string } | Problem;

export function ok<Body>(body: Body): Answer<Body> {
  return { kind: 'ok', status: 200, body };
}

export function created<Body>(body: Body, location: string): Answer<Body> {
  return { kind: 'ok', status: 201, body, location };
}

export interface RouteInput<Body, Query> {
  /** The variable parts of the address, as they were sent. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly query: Query;
  readonly idempotencyKey: string | undefined;
}

export interface Route<Body extends z.ZodType, Query extends z.ZodType, Answered extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly summary: string;
  readonly tag: string;
  readonly body?: Body;
  readonly query?: Query;
  readonly answer: Answered;
  /** The longest body that is read, where it is another one than everywhere. */
  readonly bodyLimitBytes?: number;
  /** Called without the operator's token. */
  readonly isOpen?: boolean;
  /** Whether a success may be a 201 beside the 200. */
  readonly creates?: boolean;
  /** Problems that only a look-up can find, of a body that may be anything: they are answered together with those of the schema. */
  readonly lookUp?: (body: unknown) => Promise<readonly FieldProblem[]>;
  readonly handle: (input: RouteInput<z.output<Body>, z.output<Query>>) => Promise<Answer<z.output<Answered>>>;
}

/** Adds a route whose input is checked, whose success is what its schema says, and which is described in the OpenAPI document. */
export function addRoute<Body extends z.ZodType, Query extends z.ZodType, Answered extends z.ZodType>(
  app: FastifyInstance,
  route: Route<Body, Query, Answered>,
): void {
  const schema: FastifySchema = {
    summary: route.summary,
    tags: [route.tag],
    ...(route.isOpen === true ? { security: [] } : {}),
    ...(route.body === undefined ? {} : { body: route.body }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    response: { 200: route.answer, ...(route.creates === true ? { 201: route.answer } : {}), default: PROBLEM_RESPONSE },
  };
  app.route({
    method: route.method,
    url: route.url,
    schema,
    ...(route.bodyLimitBytes === undefined ? {} : { bodyLimit: route.bodyLimitBytes }),
    attachValidation: true,
    handler: async (request, reply) => {
      const fields = [...problemsOf(request), ...((await route.lookUp?.(request.body)) ?? [])];
      if (fields.length > 0) return respond(reply, invalid(fields));
      return respond(
        reply,
        await route.handle({
          params: request.params as Record<string, string>,
          body: request.body as z.output<Body>,
          query: request.query as z.output<Query>,
          idempotencyKey: headerOf(request, 'idempotency-key'),
        }),
      );
    },
  });
}

const PROBLEM_RESPONSE = {
  description: 'A problem document (RFC 9457)',
  content: { 'application/problem+json': { schema: problemDocument } },
};

/** Sends what a route answered. */
export function respond(reply: FastifyReply, answer: Answer<unknown>): FastifyReply {
  if (answer.kind === 'problem') return sendProblem(reply, answer);
  if (answer.location !== undefined) void reply.header('location', answer.location);
  return reply.code(answer.status).send(answer.body);
}

export function sendProblem(reply: FastifyReply, { document, headers }: Problem): FastifyReply {
  return reply
    .code(document.status)
    .headers({ ...headers })
    .type('application/problem+json')
    .send(document);
}

function problemsOf(request: FastifyRequest): readonly FieldProblem[] {
  const error = request.validationError;
  if (error === undefined || error === null) return [];
  if (error instanceof InvalidInput) return error.fields;
  throw error;
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
