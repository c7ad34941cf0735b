/** The instant at which a write begins, which its stamps tell, and how long it stays open. */

import type { FastifyInstance } from 'fastify';
import { pathOf } from '../../kit/fault-transport.ts';
import type { Org } from '../org.ts';
import { belowVersion } from './unbuilt.ts';

const WRITES = new Set(['POST', 'PATCH', 'DELETE']);
const RECORDS = /^\/(sobjects|composite|process\/approvals)(\/|$)/;

/** Stamps every write of records when it begins, and keeps it from being carried out while it is held open. */
export function installTransactionStart(app: FastifyInstance, org: Org): void {
  app.decorateRequest('beganMs', null);
  app.addHook('preHandler', async (request) => {
    if (request.caller === null || !WRITES.has(request.method) || !RECORDS.test(belowVersion(pathOf(request)))) return;
    request.beganMs = await org.transactions.begin(request.caller.userId);
  });
}
