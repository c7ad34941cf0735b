import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import { destination, pino, type DestinationStream, type Logger } from 'pino';

/** Fields that may hold personal data or secrets; they are cut out wherever they appear in a log line. */
const REDACTED = [
  'authorization',
  'accessToken',
  'clientSecret',
  'password',
  'contact',
  'customer',
  'description',
  'email',
  'body',
  'headers',
  // What PostgreSQL adds to an error holds the values of the row. https://www.postgresql.org/docs/current/protocol-error-fields.html
  'detail',
  'where',
  'internalQuery',
];

/** JSON lines on standard output, or to `output`. */
export function createLogger(level: string, name: string, output: DestinationStream = destination(1)): Logger {
  return pino({ name, level, redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' } }, output);
}

const LEVELS: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** Sends the Temporal SDK's own log lines to `logger`: pino takes the object first and errors under `err`. */
export function temporalLogger(logger: Logger): DefaultLogger {
  return new DefaultLogger('INFO', (entry: LogEntry) => {
    const { error, ...meta } = (entry.meta ?? {}) as Record<string, unknown>;
    logger[LEVELS[entry.level]]({ ...meta, ...(error === undefined ? {} : { err: error }) }, entry.message);
  });
}
