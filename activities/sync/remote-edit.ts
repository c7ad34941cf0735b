import { z } from 'zod';
import type { CrmPort, RemoteEdit, RemoteRow } from '../../crm/port.ts';
import { fieldOf, type FieldMapping } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord, EditTimes } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { policiesFor, type Lane } from './lane.ts';
import type { LocalRecord, SetCommand } from './two-way-record.ts';

/** What the CRM's history tells of some fields of some records: by record and our field name, latest first. */
export type RemoteEdits = ReadonlyMap<string, ReadonlyMap<string, readonly RemoteEdit[]>>;

/** Their row beside our record, with the last values on which both sides agreed; null where they never agreed on anything. */
export interface RowPair {
  readonly row: RemoteRow;
  readonly local: LocalRecord;
  readonly base: CanonicalRecord | null;
  readonly theirs: CanonicalRecord;
}

/**
 * Asks the history for what plans need to know: when the fields were edited that differ from the base and from ours, and who set a command when.
 *
 * Our own values may change until the plan is made under lock, so every field that the CRM edited is asked for, contested or not.
 * One call at most for a page, and none where nobody edited anything: most pages cost nothing here.
 */
export async function readDecisiveEdits(lane: Lane, pairs: readonly RowPair[]): Promise<RemoteEdits> {
  const wanted = pairs.map(({ row, local, base, theirs }) => {
    const policies = policiesFor(lane, local);
    const edited = Object.keys(theirs).filter((field) => policies[field] === 'newest' && isEdited(field, base, local.values, theirs));
    const command = lane.records.command?.field;
    return { id: row.id, fields: command !== undefined && theirs[command] != null ? [...edited, command] : edited };
  });
  const asked = wanted.filter(({ fields }) => fields.length > 0);
  return readEdits(
    lane,
    asked.map(({ id }) => id),
    asked.flatMap(({ fields }) => fields),
  );
}

function isEdited(field: string, base: CanonicalRecord | null, ours: CanonicalRecord, theirs: CanonicalRecord): boolean {
  return theirs[field] !== ours[field] && (base === null || theirs[field] !== base[field]);
}

export async function readEdits(
  lane: Lane,
  recordIds: readonly string[],
  fields: readonly string[],
  since?: Instant,
): Promise<RemoteEdits> {
  const mapped = [...new Set(fields)].flatMap((field) => fieldOf(lane.mapping, field) ?? []);
  if (recordIds.length === 0 || mapped.length === 0) return new Map();
  const oursByTheirs = new Map(mapped.map((field) => [field.theirs, field.ours]));
  const edits = new Map<string, Map<string, RemoteEdit[]>>();
  for (const edit of await lane.port.history(lane.mapping.object, [...new Set(recordIds)], [...oursByTheirs.keys()], since)) {
    const ours = oursByTheirs.get(edit.field);
    if (ours === undefined) continue;
    const ofRecord = edits.get(edit.recordId) ?? new Map<string, RemoteEdit[]>();
    ofRecord.set(ours, [...(ofRecord.get(ours) ?? []), edit]);
    edits.set(edit.recordId, ofRecord);
  }
  return edits;
}

/** The value after an edit in our form; undefined where the history does not keep it or it is of another form. */
export function valueAfter(field: FieldMapping, edit: RemoteEdit): string | null | undefined {
  if (edit.to === undefined) return undefined;
  const decoded = z.safeDecode(field.codec, edit.to);
  return decoded.success ? decoded.data : undefined;
}

const HISTORY_RESOLUTION_MS = 1_000;

/**
 * Both sides' times of edits, in the CRM's clock and at the resolution of its history: what happened within one second counts as simultaneous.
 * Where the history says nothing, their time is the row's stamp.
 */
export function editTimes(port: CrmPort, { row, local, theirs }: RowPair, edits: RemoteEdits): EditTimes {
  const known = edits.get(row.id);
  return {
    ours: Object.fromEntries(Object.entries(local.editedAt).map(([field, at]) => [field, inTheirClock(port, at)])),
    theirs: Object.fromEntries(Object.keys(theirs).map((field) => [field, known?.get(field)?.[0]?.at ?? row.stamp])),
  };
}

function inTheirClock(port: CrmPort, at: Instant): Instant {
  const milliseconds = Date.parse(at) + port.clockOffsetMs();
  return new Date(Math.floor(milliseconds / HISTORY_RESOLUTION_MS) * HISTORY_RESOLUTION_MS).toISOString();
}

/** A time of the CRM in our clock. */
export function inOurClock(port: CrmPort, at: Instant): Instant {
  return new Date(Date.parse(at) - port.clockOffsetMs()).toISOString();
}

/** The latest edit of these fields in the CRM, by its history; the row's stamp where that says nothing. */
export function latestEdit(fields: readonly string[], row: RemoteRow, edits: RemoteEdits): Instant {
  const times = fields.flatMap((field) => edits.get(row.id)?.get(field)?.[0]?.at ?? []);
  return times.toSorted().at(-1) ?? row.stamp;
}

/** The command that the row carries, with who set it and when; null where it carries none. */
export function commandOn(lane: Lane, { row, local, theirs }: RowPair, edits: RemoteEdits): SetCommand | null {
  const { command } = lane.records;
  const value = command === null ? null : (theirs[command.field] ?? null);
  const field = command === null ? undefined : fieldOf(lane.mapping, command.field);
  if (command === null || value === null || field === undefined) return null;
  const all = edits.get(row.id)?.get(command.field) ?? [];
  const setting = all.find((edit) => valueAfter(field, edit) === value);
  return {
    localId: local.localId,
    remoteId: row.id,
    value,
    comment: theirs[command.comment] ?? null,
    // Not in the history: the record was made with it.
    setAt: setting?.at ?? null,
    setBy: setting === undefined ? row.createdBy : setting.by,
    occurrence: setting === undefined ? 1 : occurrenceOf(all, field, setting),
  };
}

/** The n-th time within one second of the history that this value was set. `history` is of one field of one record. */
export function occurrenceOf(history: readonly RemoteEdit[], field: FieldMapping, { at, to }: RemoteEdit): number {
  const value = valueAfter(field, { recordId: '', field: field.theirs, at, by: null, to });
  return history.filter((edit) => edit.at === at && valueAfter(field, edit) === value).length;
}
