import pg from 'pg';
import type { Logger } from 'pino';

const RETRY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;

export interface DatabaseListener {
  readonly stop: () => Promise<void>;
}

/**
 * Keeps a connection that only listens, made again when it breaks.
 *
 * The database forgets what it said while nobody listened: `onListening` is called after each connection, to look for it. Its failure breaks the connection.
 */
export function keepListening(options: {
  readonly databaseUrl: string;
  readonly channels: readonly string[];
  readonly heard: (channel: string, payload: string) => void;
  readonly onListening: () => Promise<void>;
  readonly log: Logger;
}): DatabaseListener {
  const { databaseUrl, channels, heard, onListening, log } = options;
  let client: pg.Client | null = null;
  let isStopping = false;
  let retry: NodeJS.Timeout | undefined;

  const close = async (ended: pg.Client | null): Promise<void> => {
    await ended?.end().catch(() => log.debug('the listening connection was gone before it was closed'));
  };
  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
    const lost = (): void => {
      if (isStopping || client !== next) return;
      client = null;
      void close(next);
      retry = setTimeout(() => void connect(), RETRY_MS);
    };
    client = next;
    next.on('error', lost);
    next.on('end', lost);
    next.on('notification', ({ channel, payload }) => heard(channel, payload ?? ''));
    try {
      await next.connect();
      for (const channel of channels) await next.query(`listen ${channel}`);
      await onListening();
    } catch (error) {
      if (!isStopping) log.warn({ err: error }, 'cannot listen to the database; it is tried again');
      lost();
    }
  };
  const connecting = connect();

  return {
    async stop() {
      isStopping = true;
      clearTimeout(retry);
      await close(client);
      await connecting;
    },
  };
}
