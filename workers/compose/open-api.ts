import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { previewClaim } from '../../activities/decision/preview-claim.ts';
import { createApi } from '../../api/server.ts';
import type { Database } from '../../store/database.ts';
import { openProgramShelf } from './program-shelf.ts';
import { createReadiness } from './readiness.ts';
import { createCalendars, loadFreeMailDomains } from './reference-data.ts';

/** Puts the HTTP API together over a store and a Temporal client: to listen, or to be called in the process. */
export function openApi(options: {
  readonly db: Database;
  readonly temporal: Client;
  readonly connections: readonly string[];
  readonly apiToken: string;
  readonly logger: Logger | false;
}): Promise<FastifyInstance> {
  const { db, temporal, connections } = options;
  const now = () => new Date().toISOString();
  const programs = openProgramShelf(join(process.cwd(), 'programs'));
  const freeMailDomains = loadFreeMailDomains();
  const calendarOf = createCalendars(() => new Date());
  return createApi({
    ...options,
    programs,
    freeMailDomains,
    calendarOf,
    now,
    newId: () => randomUUID(),
    metrics: new Registry(),
    readiness: createReadiness(db, temporal, connections),
    preview: (claim) => previewClaim({ db, programs, freeMailDomains, calendarOf, now }, claim),
  });
}
