import { sql } from 'kysely';
import type { SyncActivities } from '../../activities/contract.ts';
import type { BulkPort, CrmPort } from '../../crm/port.ts';
import { salesforceConversion } from '../../mappings/salesforce/conversion.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import type { ObjectType } from '../../program/vocabulary.ts';
import type { SyncStage } from './sync-stage.ts';

const CRM = 'salesforce';
/** A job that does not end within so many steps never does. */
const MOST_STEPS = 2_000;

/** A worker for which so many records are many already. `wrap` changes what its CRM does with jobs. */
export function bulkWorker(stage: SyncStage, bulkFrom: number, wrap: (bulk: BulkPort) => Partial<BulkPort> = () => ({})): SyncActivities {
  const { port } = stage;
  if (port.bulk === undefined) throw new Error('the CRM has no jobs');
  const wrapped: CrmPort = { ...port, bulk: { ...port.bulk, ...wrap(port.bulk) } };
  const connection = { port: wrapped, mapping: salesforceMapping, conversion: salesforceConversion, bulkFrom };
  return stage.workerWith({ connections: new Map([[CRM, connection]]) });
}

/** What a job waits for need not be waited for. */
export async function hurry({ db }: SyncStage): Promise<void> {
  await sql`update bulk_job set due_at = now() where due_at > now() and phase <> 'refused'`.execute(db);
}

/** Steps until no job is left and nothing is due; what was written meanwhile. */
export async function pushThrough(stage: SyncStage, worker: SyncActivities, objectType: ObjectType = 'registration') {
  const sum = { written: 0, unchanged: 0, refused: 0, postponed: 0 };
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await hurry(stage);
    const batch = await worker.pushBatch(CRM, objectType);
    for (const key of ['written', 'unchanged', 'refused', 'postponed'] as const) sum[key] += batch[key];
    if (batch.dueNow === 0 && (await jobsOf(stage)).length === 0) return sum;
  }
  throw new Error(`jobs that do not end: ${JSON.stringify(await jobsOf(stage))}`);
}

/** Steps until everything was read; how many rows that were. */
export async function pullThrough(stage: SyncStage, worker: SyncActivities, objectType: ObjectType = 'registration'): Promise<number> {
  let rows = 0;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await hurry(stage);
    const page = await worker.pullPage(CRM, objectType);
    rows += page.rows;
    if (page.drained && (await jobsOf(stage)).every(({ phase }) => phase === 'refused')) return rows;
  }
  throw new Error(`a read that does not end: ${JSON.stringify(await jobsOf(stage))}`);
}

export function jobsOf({ db }: SyncStage) {
  return db.selectFrom('bulk_job').select(['work', 'phase', 'remote_id', 'row_count', 'polls']).execute();
}

/** The ingest jobs of the org, by what became of them, with how many rows each worked on. */
export async function jobsInOrg(url: string): Promise<readonly { readonly state: string; readonly processed: number }[]> {
  const get = async (path: string): Promise<Record<string, unknown>> =>
    (await (
      await fetch(`${url}/services/data/v66.0/jobs/ingest${path}`, { headers: { authorization: 'Bearer 00D000000000001!integration' } })
    ).json()) as Record<string, unknown>;
  const { records } = (await get('')) as { records: { id: string }[] };
  return Promise.all(
    records.map(async ({ id }) => {
      const job = await get(`/${id}`);
      return { state: String(job['state']), processed: Number(job['numberRecordsProcessed']) };
    }),
  );
}
