/** What routes share of a request and its answer: the version, the caller, the object a path names, and refusals. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Org } from '../org.ts';
import { findObject } from '../schema/catalogue.ts';
import type { Schema } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import type { Caller } from '../session.ts';
import { RESOURCE_UNKNOWN, rowLocked, unreadableJson } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { changeOrigin } from '../wire/change-origin.ts';
import type { WriteMoment } from '../write/field-history.ts';
import { errorsOf } from '../write/save-outcome.ts';
import type { Refusal, SaveOutcome } from '../write/save-outcome.ts';
import { clientOf, duplicateOptionsOf } from './call-option.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes that need no session. */
    caller: Caller | null;
    /** When the write began, epoch milliseconds; null for a call that writes nothing. */
    beganMs: number | null;
  }
}

/** Versions in paths look like `v66.0`. Below 46 an upsert that matched is answered without a body. */
export const OLDEST_VERSION = 45;
export const NEWEST_VERSION = 68;

export interface DataParams {
  readonly version: string;
  readonly object?: string;
  readonly id?: string;
  readonly field?: string;
  readonly value?: string;
  readonly locator?: string;
}

export function paramsOf(request: FastifyRequest): DataParams {
  return request.params as DataParams;
}

/** One query parameter; the first where it is repeated, undefined where it is missing. */
export function queryParam(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The caller of a route behind the session check. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null)
    throw new Error(`No session on ${request.method} ${request.url}: the route is registered outside the session check`);
  return request.caller;
}

/** The org's objects as the caller sees them. */
export function schemaFor(org: Org, request: FastifyRequest): Schema {
  return org.access.of(callerOf(request).userId).schema;
}

/** The object that the path names, as the caller sees it; null where it is not there for that user. */
export function objectOf(org: Org, request: FastifyRequest): SObjectDefinition | null {
  return findObject(schemaFor(org, request), paramsOf(request).object ?? '');
}

/** Who writes now, by a REST call. */
export function momentOf(org: Org, request: FastifyRequest): WriteMoment {
  const origin = changeOrigin('rest', paramsOf(request).version, clientOf(request));
  const assigns = !/^false$/i.test(String(request.headers['sforce-auto-assign'] ?? '').trim());
  const { userId } = callerOf(request);
  return {
    userId,
    nowMs: request.beganMs ?? org.clock.now(),
    origin,
    duplicates: duplicateOptionsOf(request),
    assigns,
    access: org.access.of(userId),
  };
}

/** Row `index` of the request is refused when the fault on this call locks it. */
export function lockFault(request: FastifyRequest, index: number, id: string | null): SaveOutcome | null {
  const fault = request.fault;
  if (fault?.fault !== 'row_lock' || (fault.rows !== undefined && !fault.rows.includes(index))) return null;
  return { kind: 'refused', error: rowLocked(id) };
}

/** REST refuses with an array, whose entries carry `errorCode`. */
export function errorBody({ errorCode, message, fields, duplicateResult }: ApiError): readonly object[] {
  // The key is spelled so by Salesforce, as recorded answers show; collections spell it right.
  const duplicates = duplicateResult === undefined ? {} : { duplicateResut: duplicateResult };
  return [{ ...duplicates, message, errorCode, ...(fields === undefined ? {} : { fields }) }];
}

/** Refuses a write with everything that forbids it. */
export function refuseWrite(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(refusal.error.status).send(errorsOf(refusal).flatMap(errorBody));
}

export function refuse(reply: FastifyReply, error: ApiError): FastifyReply {
  return reply.code(error.status).send(errorBody(error));
}

/** A query that was refused: 400, and 501 where it asks for what is not built. */
export function refuseQuery(
  reply: FastifyReply,
  { errorCode, message }: { readonly errorCode: string; readonly message: string },
): FastifyReply {
  return refuse(reply, { status: errorCode === 'NOT_IMPLEMENTED' ? 501 : 400, errorCode, message });
}

/** `body` read by `shape`, or the refusal of the JSON parser, which names the first value that does not fit. */
export function readShape<T>(
  shape: z.ZodType<T>,
  body: unknown,
): { readonly kind: 'body'; readonly body: T } | { readonly kind: 'refused'; readonly error: ApiError } {
  const parsed = shape.safeParse(body);
  if (parsed.success) return { kind: 'body', body: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    kind: 'refused',
    error: unreadableJson(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'} at [line:1, column:1]`),
  };
}

export function unknownResource(reply: FastifyReply): FastifyReply {
  return refuse(reply, RESOURCE_UNKNOWN);
}
