import { CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { RemoteObjectDefinition, RemoteWrite, WriteOutcome } from '../../crm/port.ts';
import type { FieldMapping, FieldProblem } from '../../mappings/field-mapping.ts';
import { findUnwritable } from '../../mappings/unwritable.ts';
import type { SyncTurn } from '../../store/sync-turn.ts';
import type { Lane } from './lane.ts';
import type { PushedRecord } from './push-outcome.ts';
import { writeOf } from './record-write.ts';

/** A record with what is to be written of it. */
export type Planned = Omit<PushedRecord, 'outcome'>;

/** A record as it goes to the CRM, without the fields that the CRM would refuse it for: those are `left`. */
export interface Prepared {
  readonly record: Planned;
  readonly write: RemoteWrite;
  readonly left: readonly FieldProblem[];
}

/** Refusals that a field may be the reason of. What the CRM's own rules refuse has the same codes, and no field that could be left out. */
export const OF_A_FIELD: ReadonlySet<string> = new Set<CrmFailureCode>(['CRM_VALUE_INVALID', 'CRM_FIELD_UNKNOWN', 'CRM_PERMISSION_DENIED']);

/**
 * Writes records in batches of the CRM's own size. Fields that the CRM would refuse a record for, by its own description, are left out and told as problems of the record,
 * so that the rest of it goes, and so is a person whom the CRM does not take, unless the record is for that person; what the CRM refuses for other reasons has the refusal
 * as its outcome.
 *
 * A description is asked for anew only where the one that was seen last speaks against a field, or a record was refused. A call that fails ends all of it: what was written
 * before it is in `done`, the rest is not.
 */
export async function writeRows(
  lane: Lane,
  turn: SyncTurn,
  records: readonly Planned[],
): Promise<{ readonly done: readonly PushedRecord[]; readonly failure: CrmFailure | null }> {
  const size = lane.port.writeBatchSize;
  const done: PushedRecord[] = [];
  try {
    for (let first = 0; first < records.length; first += size) {
      for await (const some of writeBatch(lane, turn, records.slice(first, first + size))) done.push(...some);
    }
    return { done, failure: null };
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    return { done, failure: error };
  }
}

/** Gives what is known as soon as it is: a second call that fails does not hide what the first one brought. */
async function* writeBatch(lane: Lane, turn: SyncTurn, records: readonly Planned[]): AsyncGenerator<readonly PushedRecord[]> {
  const { port, mapping } = lane;
  const seen = await port.describe(mapping.object, 'last seen');
  const first = prepareAll(lane, records, seen);
  const doubted = first.some(({ left }) => left.length > 0);
  const definition = doubted ? await port.describe(mapping.object) : seen;
  const prepared = doubted ? prepareAll(lane, records, definition) : first;
  const written = await send(lane, turn, prepared);
  const refused = doubted ? [] : written.filter(({ outcome }) => outcome?.kind === 'refused' && OF_A_FIELD.has(outcome.code));
  const forSomebody = written.flatMap((record) => {
    const left = peopleRefused(lane, record);
    return left.length === 0 ? [] : [{ record, left }];
  });
  const apart = new Set([...refused, ...forSomebody.map(({ record }) => record)]);
  yield written.filter((record) => !apart.has(record));
  if (forSomebody.length > 0) {
    yield await send(
      lane,
      turn,
      forSomebody.map(({ record, left }) => leaveOut(lane, record, left)),
    );
  }
  if (refused.length === 0) return;
  const now = await port.describe(mapping.object);
  const again = prepareAll(lane, refused, now);
  yield refused.filter((_record, index) => again[index]?.left.length === 0);
  yield await send(
    lane,
    turn,
    again.filter(({ left }) => left.length > 0),
  );
}

/** The fields with a person for whom the CRM refused the record: no description tells who has left. */
function peopleRefused({ mapping, policies, records }: Lane, { send: sent, outcome }: PushedRecord): readonly FieldProblem[] {
  if (outcome?.kind !== 'refused' || outcome.code !== 'CRM_OWNER_INVALID' || records.isPersonal === true) return [];
  const isNamed = ({ theirs }: FieldMapping): boolean => outcome.fields.length === 0 || outcome.fields.includes(theirs);
  return mapping.fields
    .filter((field) => field.reference === 'user' && policies[field.ours] !== undefined && sent[field.ours] != null && isNamed(field))
    .map(({ theirs }): FieldProblem => ({ field: theirs, message: `was refused: ${outcome.message}`, isPerson: true }));
}

async function send(lane: Lane, turn: SyncTurn, prepared: readonly Prepared[]): Promise<readonly PushedRecord[]> {
  const { port, mapping } = lane;
  const some = prepared.filter(({ record }) => Object.keys(record.send).length > 0);
  if (some.length > 0) await turn.confirm();
  const answers =
    some.length === 0
      ? []
      : await port.write(
          mapping.object,
          some.map(({ write }) => write),
        );
  const outcomes = new Map<Prepared, WriteOutcome | undefined>(some.map((each, index) => [each, answers[index]]));
  return prepared.flatMap((each): readonly PushedRecord[] => {
    if (!outcomes.has(each)) return [{ ...each.record, outcome: null }];
    const outcome = outcomes.get(each);
    return outcome === undefined ? [] : [{ ...each.record, outcome }];
  });
}

export function prepareAll(lane: Lane, records: readonly Planned[], definition: RemoteObjectDefinition): readonly Prepared[] {
  return records.map((record) => prepare(lane, record, definition));
}

/** A field that is left out is not agreed on either: it is sent again with the next change, and told until then. */
function prepare(lane: Lane, record: Planned, definition: RemoteObjectDefinition): Prepared {
  const write = writeOf(lane, record.local, record.pair, record.send);
  const left = findUnwritable(lane.mapping, write, definition);
  return left.length === 0 ? { record, write, left } : leaveOut(lane, record, left);
}

function leaveOut(lane: Lane, { local, pair, send, isParked, push }: Planned, left: readonly FieldProblem[]): Prepared {
  const { mapping } = lane;
  const names = new Set(left.map(({ field }) => field));
  const isLeft = (ours: string): boolean => mapping.fields.some((field) => field.ours === ours && names.has(field.theirs));
  const kept = Object.fromEntries(Object.entries(send).filter(([ours]) => !isLeft(ours)));
  const rest = { push, local: { ...local, problems: [...local.problems, ...left] }, pair, send: kept, isParked };
  return { record: rest, write: writeOf(lane, local, pair, kept), left };
}
