import type { RemoteEdit } from '../../crm/port.ts';
import { fieldOf, type FieldMapping } from '../../mappings/field-mapping.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Lane } from './lane.ts';
import { readEdits, valueAfter, type RowPair } from './remote-edit.ts';
import type { SetCommand } from './two-way-record.ts';

/** A record that was changed by our write, beside their row as it was read before. */
export interface WrittenPair {
  readonly pair: RowPair;
  readonly send: CanonicalRecord;
}

/** What somebody edited between our read and our write, so that our write covered it. */
export interface CoveredEdit {
  /** Later than ours: they are to be taken. `at` is the CRM's time. */
  readonly values: CanonicalRecord;
  readonly at: Instant;
  /** A command that was set in the field that we cleared. */
  readonly command: SetCommand | null;
}

/** Our estimate of the CRM's clock, and the resolution of its history. */
const TOLERANCE_MS = 3_000;

/**
 * Finds the edits that our write covered: the CRM's history has them, just before the entry of our own write.
 *
 * Such an edit was made after we read the row, and so after our own edit was stored: it is the later one, whatever the clocks say. Only fields that either side
 * may edit and commands are asked for, on records that existed before; most batches cost no call. `readAtMs` is the time of the read in the CRM's clock.
 */
export async function findCoveredEdits(
  lane: Lane,
  written: readonly WrittenPair[],
  readAtMs: number,
): Promise<ReadonlyMap<string, CoveredEdit>> {
  const { command } = lane.records;
  const exposed = written.flatMap((each) => {
    const fields = Object.keys(each.send).filter((field) => ['newest', 'command'].includes(lane.policies[field] ?? ''));
    return fields.length === 0 ? [] : [{ ...each, fields }];
  });
  const edits = await readEdits(
    lane,
    exposed.map(({ pair }) => pair.row.id),
    exposed.flatMap(({ fields }) => fields),
  );
  const found = new Map<string, CoveredEdit>();
  for (const { pair, send, fields } of exposed) {
    const covered = new Map<string, { readonly value: string | null; readonly edit: RemoteEdit }>();
    for (const name of fields) {
      const field = fieldOf(lane.mapping, name);
      const history = edits.get(pair.row.id)?.get(name) ?? [];
      const edit = field === undefined ? null : coveredIn(history, field, pair.theirs[name] ?? null, send[name] ?? null, readAtMs);
      const value = edit === null || field === undefined ? undefined : valueAfter(field, edit);
      if (edit !== null && value !== undefined) covered.set(name, { value, edit });
    }
    const values = [...covered].filter(([name]) => lane.policies[name] === 'newest');
    const set = command === null ? undefined : covered.get(command.field);
    const comment = command === null ? null : (covered.get(command.comment)?.value ?? pair.theirs[command.comment] ?? null);
    if (values.length === 0 && set?.value == null) continue;
    found.set(pair.local.localId, {
      values: Object.fromEntries(values.map(([name, { value }]) => [name, value])),
      at:
        values
          .map(([, { edit }]) => edit.at)
          .toSorted()
          .at(-1) ?? pair.row.stamp,
      command: set?.value == null ? null : commandOf(pair, set.value, comment, set.edit),
    });
  }
  return found;
}

/** The entry before our own, where it is not the one that made what we had read. */
function coveredIn(
  history: readonly RemoteEdit[],
  field: FieldMapping,
  before: string | null,
  sent: string | null,
  readAtMs: number,
): RemoteEdit | null {
  const own = history.findIndex((edit) => valueAfter(field, edit) === sent);
  const previous = own < 0 ? undefined : history[own + 1];
  if (previous === undefined || Date.parse(previous.at) < readAtMs - TOLERANCE_MS) return null;
  return valueAfter(field, previous) === before ? null : previous;
}

function commandOf({ local, row }: RowPair, value: string, comment: string | null, edit: RemoteEdit): SetCommand {
  return { localId: local.localId, remoteId: row.id, value, comment, setAt: edit.at, setBy: edit.by, occurrence: 1 };
}
