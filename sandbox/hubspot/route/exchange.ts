/** Reading calls and writing answers, in HubSpot's forms. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Portal } from '../portal.ts';
import type { ObjectDefinition } from '../schema/object-type.ts';
import { isUnbuiltType } from '../schema/object-type.ts';
import { errorBody, invalid, isRefusal, notBuilt, unknownType } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What HubSpot calls a call by. */
    correlationId: string;
  }
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: object | null;
}

export function answered(status: number, body: object | null = null): Answer {
  return { kind: 'answer', status, body };
}

export function send(request: FastifyRequest, reply: FastifyReply, outcome: Answer | ApiError): FastifyReply {
  if (isRefusal(outcome)) return reply.code(outcome.status).send(errorBody(outcome, request.correlationId));
  return outcome.body === null ? reply.code(outcome.status).send() : reply.code(outcome.status).send(outcome.body);
}

/** The part of a path by this name, which the route guarantees. */
export function pathPart(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** All values of a query parameter, given several times or with commas. */
export function queryList(request: FastifyRequest, name: string): readonly string[] | null {
  const raw = (request.query as Record<string, string | string[] | undefined>)[name];
  if (raw === undefined) return null;
  return [raw]
    .flat()
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

export function queryText(request: FastifyRequest, name: string): string | null {
  const raw = (request.query as Record<string, string | string[] | undefined>)[name];
  return raw === undefined ? null : String([raw].flat()[0]);
}

/** The limit of a page, `most` at most. */
export function pageLimit(request: FastifyRequest, usual: number, most: number): number | ApiError {
  const text = queryText(request, 'limit');
  if (text === null) return usual;
  const limit = Number(text);
  return Number.isInteger(limit) && limit >= 1 && limit <= most ? limit : invalid(`limit must be between 1 and ${most}, was ${text}`);
}

/** The id from which a page goes on. */
export function pageStart(request: FastifyRequest): number | ApiError {
  const text = queryText(request, 'after') ?? '0';
  return /^\d{1,15}$/.test(text) ? Number(text) : invalid(`Invalid after value: ${text}`);
}

/** What leads to the page that begins at `after`. */
export function nextPage(portal: Portal, request: FastifyRequest, after: string): object {
  const url = new URL(request.url, portal.url());
  url.searchParams.set('after', after);
  return { paging: { next: { after, link: url.toString() } } };
}

/** The object type that `name` names in a path or a body. */
export function objectNamed(portal: Portal, name: string): ObjectDefinition | ApiError {
  const found = portal.catalogue.find(name);
  if (found !== null) return found;
  return isUnbuiltType(name) ? notBuilt(`The object ${name}`) : unknownType(name);
}

/** The body as `shape` has it, or what is wrong with it. */
export function readBody<Shape extends z.ZodType>(request: FastifyRequest, shape: Shape): z.infer<Shape> | ApiError {
  const parsed = shape.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.filter((issue) => issue.code === 'invalid_type' && issue.input === undefined);
  const place = 'Invalid input JSON on line 1, column 1';
  if (missing.length > 0)
    return invalid(`${place}: Some required fields were not set: [${missing.map((issue) => issue.path.join('.')).join(', ')}]`);
  const first = parsed.error.issues[0];
  return invalid(`${place}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not understood'}`);
}
