import type { RemoteEdit } from '../../crm/port.ts';
import { fieldOf, type FieldMapping } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord, FieldPolicy } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { UnsettledWrite } from '../../store/write-intent.ts';
import type { Lane } from './lane.ts';
import { occurrenceOf, readEdits, valueAfter } from './remote-edit.ts';
import type { SetCommand } from './two-way-record.ts';

/** What somebody edited between our read and our write, so that our write covered it. */
export interface CoveredEdit {
  /** Of fields that either side may edit: they are later than ours, and to be taken. */
  readonly values: CanonicalRecord;
  /** Of fields that we keep, or in a form that cannot be read: they are overridden, which is logged and answered. */
  readonly overridden: CanonicalRecord;
  /** When the latest of them was made, by the CRM's clock. */
  readonly at: Instant;
  /** A command that was set in the field that we cleared. */
  readonly command: SetCommand | null;
}

interface FoundEdit {
  readonly name: string;
  readonly field: FieldMapping;
  readonly edit: RemoteEdit;
  readonly history: readonly RemoteEdit[];
}

/** Our estimate of the CRM's clock, and the resolution of its history. */
const TOLERANCE_MS = 3_000;

/** Policies of fields that we write and people may edit; what we write of a field of theirs was commanded. */
const EXPOSED: ReadonlySet<FieldPolicy | undefined> = new Set(['ours', 'newest', 'theirs', 'command']);

/**
 * Finds the edits that our writes covered, by our ids: the CRM's history has them, just before the entry of our own write.
 *
 * Such an edit was made after we read the row, and so after our own edit was stored: it is the later one, whatever the clocks say. Of a write that did not land
 * there is no entry, and so nothing is found. One call for many records; fields whose history the CRM does not track tell nothing.
 */
export async function findCoveredEdits(lane: Lane, written: readonly UnsettledWrite[]): Promise<ReadonlyMap<string, CoveredEdit>> {
  const exposed = written.flatMap((write) => {
    const fields = Object.keys(write.sent).filter((field) => EXPOSED.has(lane.policies[field]));
    return fields.length === 0 ? [] : [{ write, fields }];
  });
  const edits = await readEdits(
    lane,
    exposed.map(({ write }) => write.remoteId),
    exposed.flatMap(({ fields }) => fields),
    earliest(written),
  );
  const found = new Map<string, CoveredEdit>();
  for (const { write, fields } of exposed) {
    const covered = fields.flatMap((name): readonly FoundEdit[] => {
      const field = fieldOf(lane.mapping, name);
      const history = edits.get(write.remoteId)?.get(name) ?? [];
      const edit = field === undefined ? null : coveredIn(history, field, write);
      return edit === null || field === undefined ? [] : [{ name, field, edit, history }];
    });
    const edit = coveredEdit(lane, write, covered);
    if (edit !== null) found.set(write.localId, edit);
  }
  return found;
}

/** What was made before any of the reads can be covered by none of the writes: years of history stay where they are. */
function earliest(written: readonly UnsettledWrite[]): Instant | undefined {
  const [first] = written.map(({ seenAt }) => seenAt).toSorted();
  return first === undefined ? undefined : new Date(Date.parse(first) - TOLERANCE_MS).toISOString();
}

/** The entry before our own, where it is not the one that made what we had read. */
function coveredIn(history: readonly RemoteEdit[], field: FieldMapping, { sent, seen, seenAt }: UnsettledWrite): RemoteEdit | null {
  const own = history.findIndex((edit) => valueAfter(field, edit) === (sent[field.ours] ?? null));
  const previous = own < 0 ? undefined : history[own + 1];
  if (previous === undefined || Date.parse(previous.at) < Date.parse(seenAt) - TOLERANCE_MS) return null;
  return valueAfter(field, previous) === (seen[field.ours] ?? null) ? null : previous;
}

function coveredEdit({ policies, records }: Lane, write: UnsettledWrite, covered: readonly FoundEdit[]): CoveredEdit | null {
  const values: Record<string, string | null> = {};
  const overridden: Record<string, string | null> = {};
  let command: SetCommand | null = null;
  for (const found of covered) {
    const { name, field, edit } = found;
    const value = valueAfter(field, edit);
    const policy = policies[name];
    if ((policy === 'newest' || policy === 'theirs') && value !== undefined) values[name] = value;
    else if (policy !== 'command') overridden[name] = value ?? String(edit.to ?? '');
    else if (name === records.command?.field && typeof value === 'string')
      command = commandOf(write, found, value, commentOf(write, covered, records.command.comment));
  }
  if (command === null && Object.keys(values).length + Object.keys(overridden).length === 0) return null;
  const times = covered.map(({ edit }) => edit.at).toSorted();
  return { values, overridden, at: times.at(-1) ?? write.seenAt, command };
}

/** What stood beside the command: written with it, or left as it was. */
function commentOf({ seen }: UnsettledWrite, covered: readonly FoundEdit[], companion: string): string | null {
  const written = covered.find(({ name }) => name === companion);
  return written === undefined ? (seen[companion] ?? null) : (valueAfter(written.field, written.edit) ?? null);
}

function commandOf(
  { localId, remoteId }: UnsettledWrite,
  { field, edit, history }: FoundEdit,
  value: string,
  comment: string | null,
): SetCommand {
  return { localId, remoteId, value, comment, setAt: edit.at, setBy: edit.by, occurrence: occurrenceOf(history, field, edit) };
}
