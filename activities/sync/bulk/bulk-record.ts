import type { BulkTarget, RemoteWrite } from '../../../crm/port.ts';
import type { BulkJob } from '../../../store/bulk-job.ts';
import type { BulkWriteRecord } from '../../../store/bulk-table.ts';
import type { Instant } from '../../../program/vocabulary.ts';
import { intentOf } from '../plan-push.ts';
import type { Lane } from '../lane.ts';
import type { Prepared } from '../write-rows.ts';

/** What is kept of a write until its outcome is there. */
export function recordOf(lane: Lane, { record, write, left }: Prepared, seenAt: Instant): BulkWriteRecord {
  const { sent, seen } = intentOf(lane, record, seenAt);
  return { write, sent, seen, seenAt, left };
}

/** The write as it was planned: the store keeps it as the port takes it. */
export function writeOfRecord({ write }: BulkWriteRecord): RemoteWrite {
  return write as RemoteWrite;
}

/** What a job finds the record of the write by. */
export function keyOf({ target }: RemoteWrite): string {
  return target.kind === 'id' ? target.id : target.value;
}

/** What rows are found by in a job of this lane. */
export function targetOf({ mapping }: Lane, { work }: Pick<BulkJob, 'work'>): BulkTarget {
  return work === 'update' ? { kind: 'id' } : { kind: 'external_id', field: mapping.externalId?.theirs ?? '' };
}
