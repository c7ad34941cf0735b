/** Which records changed or went in a span of time. Source: REST API Developer Guide, "sObject Get Updated", "sObject Get Deleted". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Org } from '../org.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { quoted } from '../store/database.ts';
import type { StoredRow } from '../store/record-store.ts';
import { parseInstant, restInstant, storedInstant } from '../wire/instant.ts';
import { objectOf, queryParam, refuse, unknownResource } from './exchange.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const UPDATED_REACH_MS = 30 * DAY_MS;
const DELETED_REACH_MS = 15 * DAY_MS;
const MOST_IDS = 600_000;

/** Instants in stored form, at whole seconds; the start belongs to the span, the end does not. */
interface Span {
  readonly start: string;
  readonly end: string;
  /** Before this instant nothing can be added any more: more rows may still get the stamp of the second that is running. */
  readonly covered: string;
}

export function registerReplicationRoutes(data: FastifyInstance, org: Org): void {
  data.get('/sobjects/:object/updated', async (request, reply) =>
    answer(org, request, reply, UPDATED_REACH_MS, (definition, span) => {
      const rows = rowsIn(org, definition, span, 0);
      if (rows.length > MOST_IDS) return null;
      return { ids: rows.map((row) => row['Id']), latestDateCovered: restInstant(span.covered) };
    }),
  );
  data.get('/sobjects/:object/deleted', async (request, reply) =>
    answer(org, request, reply, DELETED_REACH_MS, (definition, span) => {
      const rows = rowsIn(org, definition, span, 1);
      if (rows.length > MOST_IDS) return null;
      return {
        deletedRecords: rows.map((row) => ({ id: row['Id'], deletedDate: restInstant(String(row['SystemModstamp'])) })),
        earliestDateAvailable: restInstant(storedInstant(org.clock.now() - DELETED_REACH_MS)),
        latestDateCovered: restInstant(span.covered),
      };
    }),
  );
}

function answer(
  org: Org,
  request: FastifyRequest,
  reply: FastifyReply,
  reachMs: number,
  read: (definition: SObjectDefinition, span: Span) => object | null,
): FastifyReply {
  const definition = objectOf(org, request);
  if (definition === null) return unknownResource(reply);
  if (!definition.replicateable || !definition.fields.some((field) => field.name === 'IsDeleted' || field.name === 'SystemModstamp')) {
    return refuse(reply, { status: 400, errorCode: 'INVALID_TYPE', message: `${definition.name} is not replicable` });
  }
  const nowMs = org.clock.now();
  const span = readSpan(request, nowMs, org.transactions.oldestMs() ?? nowMs, reachMs);
  if (typeof span === 'string') return refuse(reply, { status: 400, errorCode: 'INVALID_REPLICATION_DATE', message: span });
  const body = read(definition, span);
  if (body === null) {
    return refuse(reply, { status: 400, errorCode: 'EXCEEDED_ID_LIMIT', message: `Number of IDs exceeds limit of ${MOST_IDS}` });
  }
  return reply.send(body);
}

/** The span asked for, or what is wrong with it; from `settledMs` on an open transaction may still bring rows. Exactly one minute is accepted, as clients in use rely on it. */
function readSpan(request: FastifyRequest, nowMs: number, settledMs: number, reachMs: number): Span | string {
  const [start, end] = ['start', 'end'].map((name) => parseInstant((queryParam(request, name) ?? '').replace(' ', '+')));
  if (start === null || start === undefined || end === null || end === undefined) return 'startDate and endDate must be valid dates';
  if (start < nowMs - reachMs) return `startDate before org replication enabled date or more than ${reachMs / DAY_MS} days ago`;
  if (end - start < 60_000) return 'endDate must be at least one minute greater than startDate';
  return { start: storedInstant(start), end: storedInstant(end), covered: storedInstant(Math.min(end, nowMs, settledMs)) };
}

function rowsIn(org: Org, definition: SObjectDefinition, span: Span, isDeleted: 0 | 1): readonly StoredRow[] {
  const hasBin = definition.fields.some((field) => field.name === 'IsDeleted');
  if (!hasBin && isDeleted === 1) return [];
  const stamp = definition.fields.some((field) => field.name === 'SystemModstamp') ? 'SystemModstamp' : 'CreatedDate';
  const bin = hasBin ? `AND "IsDeleted" = ${isDeleted}` : '';
  const sql = `SELECT "Id", ${quoted(stamp)} AS "SystemModstamp" FROM ${quoted(definition.name)}
    WHERE ${quoted(stamp)} >= ? AND ${quoted(stamp)} < ? ${bin} ORDER BY ${quoted(stamp)}, "Id" LIMIT ${MOST_IDS + 1}`;
  return org.store.select(sql, span.start, span.end);
}
