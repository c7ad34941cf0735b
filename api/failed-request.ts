import type { FastifyError, FastifyInstance } from 'fastify';
import { isResponseSerializationError } from 'fastify-type-provider-zod';
import { InvalidInput } from './input-compiler.ts';
import { invalid, problem, type Problem } from './problem.ts';
import { sendProblem } from './route.ts';

/** 256 KiB: the longest registration that the schemas let pass is far below. */
export const BODY_LIMIT_BYTES = 256 * 1024;

/** Turns everything that goes wrong outside a route's own answers into a problem document. What is ours to mend is logged, and told to nobody. */
export function answerFailedRequests(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const answer = problemOf(error, request.routeOptions.bodyLimit ?? BODY_LIMIT_BYTES);
    if (answer.document.status >= 500)
      request.log.error({ err: error, requestId: request.id, schema: schemaIssues(error) }, 'a request failed');
    return sendProblem(reply, answer);
  });
}

/** https://fastify.dev/docs/latest/Reference/Errors/ */
function problemOf(error: FastifyError, bodyLimitBytes: number): Problem {
  if (error instanceof InvalidInput) return invalid(error.fields);
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return problem('body-too-large', `The body is larger than ${bodyLimitBytes} bytes.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_CONTENT_TYPE':
      return problem('unsupported-media-type', 'Send the body as `Content-Type: application/json`.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return problem('malformed-json', 'The body is empty; expected a JSON object.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return problem('malformed-json', 'The body could not be read as JSON.');
  }
  if (UNREACHABLE.has(error.code))
    return problem('unavailable', 'The database does not answer; try again in a moment.', [], { 'retry-after': '5' });
  if (error.statusCode === 404) return problem('not-found', 'There is nothing at this address; /docs lists what there is.');
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return problem('malformed-json', 'The request could not be read.');
  return problem('internal', 'The request was not carried out because of a fault on our side; it was logged.');
}

/** Of the connection to PostgreSQL: it cannot be reached, it is stopping or starting, or it has no room. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08003',
]);

/** In which fields an answer was not what its schema says: names alone, never values. */
function schemaIssues(error: unknown): readonly string[] | undefined {
  if (typeof error !== 'object' || error === null || !isResponseSerializationError(error)) return undefined;
  return error.cause.issues.map(({ path, code }) => `${path.join('.')}: ${code}`);
}
