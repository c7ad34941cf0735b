import type { CrmPort } from '../../../crm/port.ts';
import type { ObjectType } from '../../../program/vocabulary.ts';
import { findReadJob } from '../../../store/bulk-job.ts';
import type { ActivityDependencies, Connection } from '../../decision/dependencies.ts';
import { filterOf, type CaptureJobs } from '../capture.ts';
import { DEFAULT_BULK_FROM } from '../lane.ts';
import type { PullSource } from '../pull-source.ts';
import { beginReading, endReading, goOnReading, type JobReader } from './read-job.ts';

/** How many rows were counted behind the cursor the last time, less those that were read since: while they were too few for a job, they are not counted anew. */
const counted = new WeakMap<CrmPort, Map<ObjectType, number>>();

/** A page that was read by a single call has so many rows. */
const PAGE_ROWS = 500;

/**
 * Jobs for what is far behind: the first capture of a large org, or the changes of a long absence. They end two seconds before the present, and the cursor moves there
 * when all their rows are kept; from there pages go on. Nothing where the CRM has no jobs.
 */
export function captureJobs(
  deps: ActivityDependencies,
  connection: string,
  { port, bulkFrom = DEFAULT_BULK_FROM }: Connection,
  objectType: ObjectType,
  source: PullSource,
): { readonly jobs?: CaptureJobs } {
  const { bulk } = port;
  if (bulk === undefined) return {};
  const reader: JobReader = { deps, connection, objectType, work: 'capture', bulk, source };
  return {
    jobs: {
      async goOn(cursor, keep) {
        const step = await goOnReading(reader, (rows) => keep(rows, null, []));
        switch (step.kind) {
          case 'none':
          case 'refused':
            return null;
          case 'waits':
            return { rows: 0, drained: true, nextInMs: step.pauseMs };
          case 'read':
            if (!step.isDone) return { rows: step.rows, drained: false };
            await keep([], { ...cursor, position: step.beforeStamp === null ? cursor.position : { stamp: step.beforeStamp, id: '' } }, []);
            await endReading(reader);
            return { rows: step.rows, drained: false };
        }
      },
      async beginWhereMany(position, before) {
        const known = counted.get(port) ?? new Map<ObjectType, number>();
        counted.set(port, known);
        const left = (known.get(objectType) ?? 0) - PAGE_ROWS;
        known.set(objectType, left);
        if (left > 0 || (position !== null && position.stamp >= before)) return;
        const from = position?.stamp ?? null;
        const count = await bulk.count({ ...filterOf(source.mapping), object: source.mapping.object, from });
        known.set(objectType, count);
        if (count >= bulkFrom && (await findReadJob(deps.db, connection, objectType, 'capture')) === null)
          await beginReading(reader, { from, before });
      },
    },
  };
}
