/**
 * Calls within a call: a composite request carries its parts out by the very handlers that answer them alone.
 * They run at once and in one go, so that no other call can get between two parts of one transaction.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { FaultRule } from '../../kit/fault.ts';
import { RESOURCE_UNKNOWN } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { errorBody, NEWEST_VERSION, OLDEST_VERSION } from './exchange.ts';
import { belowVersion, BUILT, refusalWithoutRoute } from './unbuilt.ts';

export interface SubRequest {
  readonly method: string;
  /** From the root: `/services/data/v66.0/…`, its query included. */
  readonly url: string;
  readonly body: unknown;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SubAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A promise for the few reads that answer with what they return. */
  readonly body: unknown;
}

/** Carries the part with this index of `outer` out, as its caller. */
export type SubCall = (outer: FastifyRequest, index: number, part: SubRequest) => SubAnswer;

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: RouteHandlerMethod;
}

/** What can be part of a composite: rows, collections, definitions, queries, limits (guide, "Composite"). No composite is part of another. */
const ALLOWED = /^\/(sobjects|query|queryAll|limits|composite\/sobjects)(\/|$)/;

/** Knows the routes that are registered on `data` after this call. */
export function collectRoutes(data: FastifyInstance): SubCall {
  const routes: Route[] = [];
  data.addHook('onRoute', ({ method, url, handler }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push({ method: each, segments: segmentsOf(url), handler });
    routes.sort((a, b) => compareSegments(a.segments, b.segments));
  });
  return (outer, index, part) => {
    const [path = '', search = ''] = part.url.split(/\?(.*)/s, 2);
    const segments = segmentsOf(path);
    const fitting = routes.filter((route) => fits(route.segments, segments));
    const route = fitting.find((each) => each.method === part.method.toUpperCase());
    const problem = refuseAddress(segments);
    if (problem !== null || route === undefined) return refusal(problem ?? refusalWithoutRoute(part.method, path));
    const request = {
      method: part.method.toUpperCase(),
      url: part.url,
      raw: { url: part.url },
      params: paramsOf(route.segments, segments),
      query: Object.fromEntries(new URLSearchParams(search)),
      headers: { ...part.headers, 'sforce-call-options': undefined },
      body: part.body,
      caller: outer.caller,
      beganMs: outer.beganMs,
      fault: faultOfPart(outer.fault, index),
    };
    return carryOut(data, route.handler, request as unknown as FastifyRequest);
  };
}

function refuseAddress(segments: readonly string[]): ApiError | null {
  const path = `/${segments.join('/')}`;
  const version = Number(/^\/services\/data\/v(\d+)\.0\//.exec(path)?.[1] ?? 0);
  if (version < OLDEST_VERSION || version > NEWEST_VERSION) return RESOURCE_UNKNOWN;
  const below = belowVersion(path);
  if (ALLOWED.test(below) || !(BUILT.test(below) || below.startsWith('/tooling/'))) return null;
  return { status: 400, errorCode: 'INVALID_INPUT', message: `${path} cannot be part of a composite request` };
}

function carryOut(data: FastifyInstance, handler: RouteHandlerMethod, request: FastifyRequest): SubAnswer {
  const headers: Record<string, string> = {};
  let status = 200;
  let sent: { readonly body: unknown } | null = null;
  const reply = {
    code: (code: number) => {
      status = code;
      return reply;
    },
    header: (name: string, value: unknown) => {
      headers[name.toLowerCase()] = String(value);
      return reply;
    },
    send: (body?: unknown) => {
      sent = { body: body ?? null };
      return reply;
    },
  };
  const returned: unknown = handler.call(data, request, reply as unknown as FastifyReply);
  const given = sent as { readonly body: unknown } | null;
  if (given !== null) return { status, headers, body: given.body };
  const later = Promise.resolve(returned);
  if (request.method === 'GET') return { status, headers, body: later };
  later.catch(() => undefined);
  throw new Error(`${request.method} ${request.url} was not carried out at once`);
}

function refusal(error: ApiError): SubAnswer {
  return { status: error.status, headers: {}, body: errorBody(error) };
}

/** Of a composite, `rows` of a lock count its parts. */
function faultOfPart(fault: FaultRule | null, index: number): FaultRule | null {
  if (fault?.fault !== 'row_lock' || (fault.rows !== undefined && !fault.rows.includes(index))) return null;
  const { rows: _parts, ...whole } = fault;
  return whole;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** Fixed segments come before parameters, and these before what takes all the rest. */
function compareSegments(a: readonly string[], b: readonly string[]): number {
  const rank = (segment: string | undefined) => (segment === undefined ? 0 : segment === '*' ? 3 : segment.startsWith(':') ? 2 : 1);
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = rank(a[index]) - rank(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1) === '*') return segments.length >= pattern.length && fits(pattern.slice(0, -1), segments.slice(0, pattern.length - 1));
  return pattern.length === segments.length && pattern.every((each, index) => each.startsWith(':') || each === segments[index]);
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> {
  const named = pattern.flatMap((each, index) => (each.startsWith(':') ? [[each.slice(1), decoded(segments[index] ?? '')] as const] : []));
  return Object.fromEntries(named);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
