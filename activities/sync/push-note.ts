import { CrmFailure } from '../../crm/failures.ts';
import type { RemoteWrite, WriteOutcome } from '../../crm/port.ts';
import { checkMapping, deniedObject, missingObject, type MappingProblem } from '../../mappings/check-mapping.ts';
import { encodeRow, type ObjectMapping } from '../../mappings/field-mapping.ts';
import { taskText } from '../../program/task.ts';
import { readUsers } from '../../store/crm-mirror.ts';
import { isBroken, readLinksByLocal, saveLink } from '../../store/link.ts';
import { readDueNotes } from '../../store/note.ts';
import { finishPushes, type PendingPush } from '../../store/push-queue.ts';
import { resolveIssues, resolveLaneIssues } from '../../store/sync-issue.ts';
import type { SyncTurn } from '../../store/sync-turn.ts';
import { readTasks, type Task } from '../../store/task.ts';
import type { PushResult } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';
import { laneOf, raiseLaneIssue, type Lane } from './lane.ts';
import { keepRefusal } from './push-outcome.ts';
import { putOffPushes, putOffWaiting } from './put-off.ts';
import { taskRecords } from './task-record.ts';

/** The CRM lacks what its notes need, while tasks go on. */
export const NOTES_NOT_SET_UP = 'NOTES_NOT_SET_UP';

export type PushedNotes = Pick<PushResult, 'written' | 'unchanged' | 'refused' | 'postponed'>;
const NOTHING: PushedNotes = { written: 0, unchanged: 0, refused: 0, postponed: 0 };

interface Ready {
  readonly push: PendingPush;
  readonly write: RemoteWrite;
}

/**
 * Makes notes in a CRM that has records of their own for them: each once, by our id, so that a lost answer leads to no second one. They are not read again: what people
 * make of a note there is theirs. One that was made as a task, before there were notes, stays one.
 *
 * Where the CRM lacks what notes need, all of them wait under one issue, and the CRM is asked again with each try.
 */
export async function pushNotes(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  notes: ObjectMapping,
  turn: SyncTurn,
): Promise<PushedNotes> {
  const lane = laneOf(deps, name, connection, taskRecords, notes);
  const due = await readDueNotes(deps.db, name, lane.port.writeBatchSize);
  if (due.length === 0) return NOTHING;
  const problems = await findMisfit(lane);
  if (problems.length > 0) {
    await tellNotSetUp(lane, due, problems);
    return { ...NOTHING, postponed: due.length };
  }
  const { ready, made, waiting, registrations } = await look(lane, due);
  await putOffWaiting(lane, waiting, registrations);
  if (ready.length > 0) await turn.confirm();
  const writes = ready.map(({ write }) => write);
  const outcomes = writes.length === 0 ? [] : await lane.port.write(notes.object, writes);
  await keep(lane, ready, outcomes, made);
  const refused = outcomes.filter(({ kind }) => kind === 'refused').length;
  return { written: outcomes.length - refused, unchanged: made.length, refused, postponed: waiting.length };
}

async function findMisfit(lane: Lane): Promise<readonly MappingProblem[]> {
  const seen = await problemsOf(lane, 'last seen');
  return seen.length === 0 ? seen : problemsOf(lane, 'now');
}

async function problemsOf({ port, mapping }: Lane, when: 'now' | 'last seen'): Promise<readonly MappingProblem[]> {
  try {
    return checkMapping(mapping, await port.describe(mapping.object, when));
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') return [missingObject(mapping)];
    if (error instanceof CrmFailure && error.code === 'CRM_PERMISSION_DENIED') return [deniedObject(mapping, error.message)];
    throw error;
  }
}

async function tellNotSetUp(lane: Lane, due: readonly PendingPush[], problems: readonly MappingProblem[]): Promise<void> {
  const what = problems.map(({ field, problem }) => `${lane.mapping.object}.${field} ${problem}`).join('; ');
  await lane.deps.db.transaction().execute(async (trx) => {
    await putOffPushes(trx, lane, due);
    await raiseLaneIssue(trx, lane, {
      localId: null,
      remoteId: null,
      category: problems.every(({ category }) => category === 'permission') ? 'permission' : 'mapping',
      code: NOTES_NOT_SET_UP,
      message: `Decisions are not noted on registrations: ${what}.`,
      remedy: [...new Set(problems.map(({ remedy }) => remedy)), 'Notes follow within a quarter of an hour.'].join(' '),
    });
  });
}

/** Parts what is due: notes to be made, those that are there or are gone here, and those whose registration is not there yet. */
async function look({ deps, connection, mapping }: Lane, due: readonly PendingPush[]) {
  const { db } = deps;
  const ids = due.map(({ localId }) => localId);
  const tasks = new Map((await readTasks(db, ids)).map((task) => [task.taskId, task]));
  const known = [await readLinksByLocal(db, connection, 'note', ids), await readLinksByLocal(db, connection, 'task', ids)];
  const links = await readLinksByLocal(
    db,
    connection,
    'registration',
    [...tasks.values()].map(({ registrationId }) => registrationId),
  );
  const users = new Map(
    (await readUsers(db, connection)).filter(({ isShared, isActive }) => isActive && !isShared).map((user) => [user.alias, user]),
  );
  const ready: Ready[] = [];
  const made: PendingPush[] = [];
  const waiting: PendingPush[] = [];
  const registrations = new Map<string, { readonly waitsFor: { readonly objectType: 'registration'; readonly localId: string } }>();
  for (const push of due) {
    const task = tasks.get(push.localId);
    const link = task === undefined ? undefined : links.get(task.registrationId);
    if (task === undefined || known.some((each) => each.has(push.localId))) made.push(push);
    else if (link === undefined || isBroken(link)) {
      waiting.push(push);
      registrations.set(push.localId, { waitsFor: { objectType: 'registration', localId: task.registrationId } });
    } else ready.push({ push, write: writeOf(mapping, task, link.remoteId, users.get(task.assignee)?.remoteId ?? null) });
  }
  return { ready, made, waiting, registrations };
}

/** Without its person the note is the integration user's: it asks nothing of anybody. */
function writeOf(mapping: ObjectMapping, task: Task, record: string, owner: string | null): RemoteWrite {
  const text = `${task.title}\n\n${taskText({ ...task, notes: [] }, 'UTC')}`;
  const { fields } = encodeRow(mapping, { text, at: task.createdAt, record, ...(owner === null ? {} : { owner }) });
  return { target: { kind: 'external_id', field: mapping.externalId?.theirs ?? '', value: task.taskId }, fields };
}

async function keep(lane: Lane, ready: readonly Ready[], outcomes: readonly WriteOutcome[], made: readonly PendingPush[]): Promise<void> {
  const { deps, connection } = lane;
  await deps.db.transaction().execute(async (trx) => {
    await resolveLaneIssues(trx, connection, 'task', NOTES_NOT_SET_UP, deps.now());
    await finishPushes(trx, connection, 'task', made);
    for (const [index, { push }] of ready.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === 'refused') await keepRefusal(trx, lane, push, null, outcome);
      if (outcome?.kind !== 'written') continue;
      await saveLink(trx, connection, 'note', { localId: push.localId, remoteId: outcome.id, base: {}, remoteStamp: null }, deps.now());
      await finishPushes(trx, connection, 'task', [push]);
      await resolveIssues(trx, connection, 'task', 'write', { localIds: [push.localId] }, deps.now());
    }
  });
}
