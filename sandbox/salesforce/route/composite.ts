/** Several calls in one, which may refer to each other and be kept or undone together. Source: REST API Developer Guide, "Composite", "Batch". */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Org } from '../org.ts';
import { LIMIT_EXCEEDED } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { resolveAddress, resolveReferences } from './composite-reference.ts';
import { errorBody, readShape, refuse } from './exchange.ts';
import type { SubAnswer, SubCall, SubRequest } from './sub-request.ts';

const MOST_PARTS = 25;
/** Of these, queries and collections. */
const MOST_LARGE_PARTS = 5;

const compositeRequest = z.object({
  allOrNone: z.boolean().default(false),
  collateSubrequests: z.boolean().default(false),
  compositeRequest: z
    .array(
      z.object({
        method: z.string(),
        url: z.string(),
        referenceId: z.string(),
        body: z.unknown().optional(),
        httpHeaders: z.record(z.string(), z.string()).default({}),
      }),
    )
    .min(1),
});
type Part = z.infer<typeof compositeRequest>['compositeRequest'][number];

const batchRequest = z.object({
  haltOnError: z.boolean().default(false),
  batchRequests: z.array(z.object({ method: z.string(), url: z.string(), richInput: z.unknown().optional() })).min(1),
});

const ROLLED_BACK_WITH_OTHERS: ApiError = {
  status: 400,
  errorCode: 'PROCESSING_HALTED',
  message: 'The transaction was rolled back since another operation in the same transaction failed.',
};
const BATCH_HALTED: ApiError = {
  status: 412,
  errorCode: 'BATCH_PROCESSING_HALTED',
  message: 'Batch processing halted per request. See request input for more details',
};

export function registerCompositeRoutes(data: FastifyInstance, org: Org, call: SubCall): void {
  data.post('/composite', async (request, reply) => {
    const read = readShape(compositeRequest, request.body);
    if (read.kind === 'refused') return refuse(reply, read.error);
    const { allOrNone, compositeRequest: parts } = read.body;
    const problem = findProblem(parts);
    if (problem !== null) return refuse(reply, problem);
    const answers = allOrNone ? carryOutTogether(org, request, parts, call) : carryOutEach(request, parts, call, false);
    const bodies = await Promise.all(answers.map((answer) => answer.body));
    const compositeResponse = answers.map((answer, index) => ({
      body: bodies[index],
      httpHeaders: shownHeaders(answer),
      httpStatusCode: answer.status,
      referenceId: parts[index]?.referenceId,
    }));
    return reply.send({ compositeResponse });
  });

  data.post('/composite/batch', async (request, reply) => {
    const read = readShape(batchRequest, request.body);
    if (read.kind === 'refused') return refuse(reply, read.error);
    const { haltOnError, batchRequests: parts } = read.body;
    if (parts.length > MOST_PARTS) return refuse(reply, tooMany(parts.length));
    // Every part counts against the allowance ("Composite Resources"); the call itself stood for the first.
    if (!parts.slice(1).every(() => org.usage.take())) return refuse(reply, LIMIT_EXCEEDED);
    const answers: SubAnswer[] = [];
    for (const [index, { method, url, richInput }] of parts.entries()) {
      const isHalted = haltOnError && answers.some(hasFailed);
      const part = { method, url: `/services/data/${url.replace(/^\/?(services\/data\/)?/, '')}`, body: richInput, headers: {} };
      answers.push(isHalted ? refusalAnswer(BATCH_HALTED) : call(request, index, part));
    }
    const bodies = await Promise.all(answers.map((answer) => answer.body));
    const results = answers.map((answer, index) => ({ statusCode: answer.status, result: bodies[index] }));
    return reply.send({ hasErrors: answers.some(hasFailed), results });
  });
}

/** Part after part; with `stopsAtFailure`, none behind the first that fails. */
function carryOutEach(request: FastifyRequest, parts: readonly Part[], call: SubCall, stopsAtFailure: boolean): readonly SubAnswer[] {
  const answers: SubAnswer[] = [];
  const byReference = new Map<string, unknown>();
  for (const [index, part] of parts.entries()) {
    const resolved = resolvePart(part, byReference);
    const answer = resolved.kind === 'refused' ? refusalAnswer(resolved.error) : call(request, index, resolved.value);
    answers.push(answer);
    if (!hasFailed(answer)) byReference.set(part.referenceId, answer.body);
    else if (stopsAtFailure) break;
  }
  return answers;
}

/** In one transaction. When one part fails, it alone says why. */
function carryOutTogether(org: Org, request: FastifyRequest, parts: readonly Part[], call: SubCall): readonly SubAnswer[] {
  let answers: readonly SubAnswer[] = [];
  org.store.transaction(() => {
    answers = carryOutEach(request, parts, call, true);
    return !answers.some(hasFailed);
  });
  const failed = answers.findIndex(hasFailed);
  if (failed === -1) return answers;
  return parts.map((_part, index) =>
    index === failed ? (answers[index] ?? refusalAnswer(ROLLED_BACK_WITH_OTHERS)) : refusalAnswer(ROLLED_BACK_WITH_OTHERS),
  );
}

function resolvePart(
  part: Part,
  answers: ReadonlyMap<string, unknown>,
): { readonly kind: 'value'; readonly value: SubRequest } | { readonly kind: 'refused'; readonly error: ApiError } {
  const url = resolveAddress(part.url, answers);
  if (url.kind === 'refused') return url;
  const body = resolveReferences(part.body, answers);
  if (body.kind === 'refused') return body;
  const headers = Object.fromEntries(Object.entries(part.httpHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  return { kind: 'value', value: { method: part.method, url: url.value, body: body.value ?? null, headers } };
}

function findProblem(parts: readonly Part[]): ApiError | null {
  if (parts.length > MOST_PARTS) return tooMany(parts.length);
  const large = parts.filter(({ url }) => /^\/services\/data\/v\d+\.0\/(query|queryAll|composite\/sobjects)\b/.test(url)).length;
  if (large > MOST_LARGE_PARTS) {
    return invalidInput(`Of the subrequests ${large} are queries or collections; ${MOST_LARGE_PARTS} are allowed`);
  }
  const seen = new Set<string>();
  for (const { referenceId } of parts) {
    if (!/^[A-Za-z0-9]\w*$/.test(referenceId)) {
      const rule = `must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').`;
      return invalidInput(`Provided referenceId ('${referenceId}') ${rule}`);
    }
    if (seen.has(referenceId)) return invalidInput(`The referenceId '${referenceId}' is given twice`);
    seen.add(referenceId);
  }
  return null;
}

function tooMany(count: number): ApiError {
  return invalidInput(`The request has ${count} subrequests; ${MOST_PARTS} are allowed`);
}

function invalidInput(message: string): ApiError {
  return { status: 400, errorCode: 'INVALID_INPUT', message };
}

function refusalAnswer(error: ApiError): SubAnswer {
  return { status: error.status, headers: {}, body: errorBody(error) };
}

function hasFailed(answer: SubAnswer): boolean {
  return answer.status >= 300 && answer.status !== 304;
}

/** Under the names that Salesforce writes. */
function shownHeaders({ headers }: SubAnswer): Record<string, string> {
  const shown = { Location: headers['location'], 'Last-Modified': headers['last-modified'], ETag: headers['etag'] };
  return Object.fromEntries(Object.entries(shown).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
