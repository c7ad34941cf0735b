import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** Fields that hold secrets or are about people, wherever a log line nests them. */
const SENSITIVE = ['authorization', 'cookie', 'token', 'contact', 'customer', 'description', 'comment', 'reason', 'evidence', 'email'];

/** Paths for pino's redaction: at the top of a line, and up to three levels below. */
const REDACTED_PATHS: readonly string[] = SENSITIVE.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`]);

/** A child of the process's logger that cannot print what is about people, also where somebody logs a whole record. */
export function redactingLogger(logger: Logger): Logger {
  return logger.child(
    { part: 'api' },
    { redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' }, serializers: { err: describeError } },
  );
}

/** One line a request, with the pattern of its route: neither body nor address nor headers, which may name people. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    };
    if (reply.statusCode >= 500) request.log.error(line, 'request failed');
    else request.log.info(line, 'request');
  });
}

/**
 * An error for the log. PostgreSQL's messages repeat the values of a row, so of its errors only the code and the place are kept.
 * https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, severity, table, constraint, routine } = error as Error & Readonly<Record<string, unknown>>;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  if (severity !== undefined) return { type: 'DatabaseError', code, table, constraint, routine, stack: frames.join('\n') };
  return { type: error.name, code, message: error.message, stack: frames.join('\n') };
}
