import { conditionFields, type ChangeHint } from '../../crm/port.ts';
import type { ObjectMapping } from '../../mappings/field-mapping.ts';
import { OBJECT_TYPES, type Instant, type ObjectType } from '../../program/vocabulary.ts';
import { markChanged, nudgeSyncOf, readKnownRows, wantSweep } from '../../store/changed-record.ts';
import type { Transaction } from '../../store/database.ts';
import type { Connection } from '../decision/dependencies.ts';

/** What hints are judged by. */
export type Hinted = Pick<Connection, 'mapping' | 'conversion'>;

/**
 * Keeps what hints lead to: rows to be looked at again, sweeps, and a nudge of the sync workflows that they concern. Nothing is decided by what an event says, so
 * that a hint which is passed over costs time and never an edit: the next poll finds it.
 *
 * - What our own user changed is most likely what we have just written. It is left to the poll, which reads it anyway.
 * - Every row of an object of ours counts; where registrations share an object with others, an update of one that we do not know does not. Of objects that belong to the CRM (accounts, opportunities) only rows that our records have to do with count: others may
 *   change by the thousands a day, and a call for each would cost more than all polls.
 * - What a row is associated with counts where we read it. It does not move the row's stamp, so no poll would find it: of an opportunity it counts always.
 * - Rows of which the CRM could not tell what happened are read again, whoever they belong to. Where it does not name them, their whole kind is swept.
 */
export async function takeHints(trx: Transaction, name: string, connection: Hinted, hints: readonly ChangeHint[]): Promise<void> {
  const told = hints.filter(({ isOwn, what, ids }) => !isOwn || what === 'unknown' || ids.length === 0);
  const concerned: ObjectType[] = [];
  for (const objectType of OBJECT_TYPES) {
    const mine = told.filter(({ object }) => object === connection.mapping[objectType].object);
    if (mine.length === 0) continue;
    const unnamed = mine.filter(({ ids }) => ids.length === 0);
    const from = unnamed.map(({ at }) => at).sort()[0];
    if (from !== undefined) await wantSweep(trx, name, objectType, from);
    const changes = await changesFor(trx, name, connection, objectType, mine);
    await markChanged(trx, name, objectType, changes);
    if (from !== undefined || changes.size > 0) concerned.push(objectType);
  }
  await nudgeSyncOf(trx, name, concerned);
}

/** The rows to be looked at, each with the latest time of a change. */
async function changesFor(
  trx: Transaction,
  name: string,
  connection: Hinted,
  objectType: ObjectType,
  hints: readonly ChangeHint[],
): Promise<ReadonlyMap<string, Instant>> {
  const named = hints.flatMap((hint) => hint.ids.map((id) => ({ id, hint })));
  const known = await readKnownRows(trx, name, objectType, [...new Set(named.map(({ id }) => id))]);
  const changes = new Map<string, Instant>();
  for (const { id, hint } of named) {
    if (!concerns(connection, objectType, hint, known.has(id))) continue;
    const before = changes.get(id);
    if (before === undefined || before < hint.at) changes.set(id, hint.at);
  }
  return changes;
}

function concerns({ mapping, conversion }: Hinted, objectType: ObjectType, hint: ChangeHint, isKnown: boolean): boolean {
  const carries = (field: string | null | undefined): boolean => typeof field === 'string' && hint.fields.includes(field);
  if (hint.what === 'associated' && !isReadOf(mapping[objectType], hint)) return false;
  switch (objectType) {
    case 'registration': {
      const { where } = mapping.registration;
      return where === undefined || isKnown || hint.what !== 'updated' || conditionFields(where).some(carries);
    }
    case 'partner':
      return isKnown || carries(mapping.partner.whereNotNull);
    case 'task':
      return isKnown;
    case 'opportunity':
      return isKnown || hint.what === 'unknown' || hint.what === 'associated' || carries(conversion?.mapping.externalId?.theirs);
    case 'account':
      return hint.what === 'unknown' || (isKnown && hint.what !== 'created' && hint.what !== 'updated');
    case 'user':
      return hint.what === 'unknown';
  }
}

/** Whether an association that changed is among the fields of the record; the hint does not name its label. */
function isReadOf({ fields }: ObjectMapping, hint: ChangeHint): boolean {
  return fields.some(({ theirs }) => hint.fields.some((name) => theirs === name || theirs.startsWith(`${name}.`)));
}
