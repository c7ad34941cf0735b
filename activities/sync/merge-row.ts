import type { CrmPort, RemoteEdit, RemoteRow } from '../../crm/port.ts';
import { fieldOf, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { contestedFields, type CanonicalRecord, type EditTimes, type FieldPolicy } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { LocalRecord } from './two-way-record.ts';

/** The policies of a mapping's fields by our names: what `planMerge` works with. */
export function policiesOf(mapping: ObjectMapping): Readonly<Record<string, FieldPolicy>> {
  return Object.fromEntries(mapping.fields.map((field) => [field.ours, field.policy]));
}

export interface Candidate {
  readonly row: RemoteRow;
  readonly local: LocalRecord;
  readonly base: CanonicalRecord | null;
  readonly theirs: CanonicalRecord;
}

/** When a field was last edited in the CRM, by its own history; and by whom. */
export type RemoteEdits = ReadonlyMap<string, ReadonlyMap<string, RemoteEdit>>;

/**
 * Asks the CRM's history for what a plan needs to know: the times of fields that both sides edited, and who set a command when.
 * One call at most, and none where nothing is contested: most pages cost nothing here.
 */
export async function readDecisiveEdits(
  port: CrmPort,
  mapping: ObjectMapping,
  commandField: string | null,
  candidates: readonly Candidate[],
): Promise<RemoteEdits> {
  const fields = new Set<string>();
  const ids = new Set<string>();
  for (const { row, local, base, theirs } of candidates) {
    const contested = contestedFields(base, local.values, theirs, policiesOf(mapping));
    const command = commandField !== null && theirs[commandField] != null ? [commandField] : [];
    for (const field of [...contested, ...command]) {
      const remote = fieldOf(mapping, field)?.theirs;
      if (remote === undefined) continue;
      fields.add(remote);
      ids.add(row.id);
    }
  }
  if (ids.size === 0) return new Map();
  const latest = new Map<string, Map<string, RemoteEdit>>();
  for (const edit of await port.history(mapping.object, [...ids], [...fields])) {
    const ours = mapping.fields.find((field) => field.theirs === edit.field)?.ours;
    if (ours === undefined) continue;
    const ofRecord = latest.get(edit.recordId) ?? new Map<string, RemoteEdit>();
    if (!ofRecord.has(ours)) ofRecord.set(ours, edit);
    latest.set(edit.recordId, ofRecord);
  }
  return latest;
}

/** Both sides' times of edits, in the CRM's clock. Where the history says nothing, their time is the row's stamp. */
export function editTimes(port: CrmPort, { row, local, theirs }: Candidate, edits: RemoteEdits): EditTimes {
  const offsetMs = port.clockOffsetMs();
  const ours = Object.fromEntries(
    Object.entries(local.editedAt).map(([field, at]) => [field, new Date(Date.parse(at) + offsetMs).toISOString()]),
  );
  const known = edits.get(row.id);
  return { ours, theirs: Object.fromEntries(Object.keys(theirs).map((field) => [field, known?.get(field)?.at ?? row.stamp])) };
}

/** A time of the CRM in our clock. */
export function inOurClock(port: CrmPort, at: Instant): Instant {
  return new Date(Date.parse(at) - port.clockOffsetMs()).toISOString();
}
