import { canonicaliseRow, fieldOf, onlyMapped } from '../../mappings/field-mapping.ts';
import { defaultCalendar } from '../../program/calendar.ts';
import type { CanonicalRecord } from '../../program/merge-plan.ts';
import { dayIn, taskText } from '../../program/task.ts';
import type { Instant } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import { readUsers, type CrmUser } from '../../store/crm-mirror.ts';
import type { Transaction } from '../../store/database.ts';
import { isBroken, readLinksByLocal, type Link } from '../../store/link.ts';
import { queuePush } from '../../store/push-queue.ts';
import { readTaskPlace, readTaskPlaces, saveTaskPlace, type TaskNotes, type TaskPlace } from '../../store/task-place.ts';
import { lockTask, lockTasks, readTasks, type Task } from '../../store/task.ts';
import type { ActivityDependencies } from '../decision/dependencies.ts';
import { onReassigned } from './task-reassigned.ts';
import type { LocalRecord, NotMade, TwoWayRecords } from './two-way-record.ts';

/** Nobody in this CRM can be given the task: the issue of a task that is not there for that reason. */
export const ASSIGNEE_UNAVAILABLE = 'ASSIGNEE_UNAVAILABLE';

const HOW_TO_ANSWER = 'Set Requested Decision on the deal registration to answer it.';
const COMPLETED = `This task was completed, and its question is still open: it was opened again, once. ${HOW_TO_ANSWER}`;
const DELETED = `This task was deleted, and its question is still open: it was made again, once. ${HOW_TO_ANSWER}`;

/** What people in a CRM call the fields that are ours. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  title: 'the subject',
  text: 'the comments',
  dueDay: 'the due date',
  dueAt: 'the due date',
  priority: 'the priority',
};

/**
 * Tasks: all of them is ours, but a person has the last word on whether the task is done with or there at all. Who insists gets it; the question stays open.
 *
 * A closed task has no due date: that of a closed one counts as the last activity of what the CRM takes it to belong to, and rules take that for the direct
 * team's work.
 */
export const taskRecords: TwoWayRecords = {
  objectType: 'task',
  command: null,
  isPersonal: true,

  async read(db, deps, connection, ids) {
    const tasks = await readTasks(db, ids);
    const registrationIds = [...new Set(tasks.map(({ registrationId }) => registrationId))];
    const registrations = await readLinksByLocal(db, connection, 'registration', registrationIds);
    const links = await readLinksByLocal(db, connection, 'task', ids);
    const places = await readTaskPlaces(db, connection, ids);
    const users = new Map((await readUsers(db, connection)).filter((user) => !user.isShared).map((user) => [user.alias, user]));
    const mapping = deps.connections.get(connection)?.mapping.task;
    const { timeZone } = defaultCalendar(deps.programs.current());
    return tasks.map((task): LocalRecord => {
      const { taskId, registrationId } = task;
      const place = places.get(taskId);
      const isThere = aliveId(links.get(taskId)) !== null;
      const record = aliveId(registrations.get(registrationId));
      const user = users.get(task.assignee);
      const isOpen = statusIn(task, place) === 'open';
      const values = {
        taskId,
        title: task.title,
        text: taskText({ ...task, notes: notesIn(place?.notes ?? {}) }, timeZone),
        ...dueIn(isOpen ? task.dueAt : null, timeZone),
        priority: task.priority,
        status: isOpen ? 'open' : 'closed',
        // A task that is there keeps its owner where ours cannot have it or nobody is asked any more, and its place while the registration has none.
        ...(user?.isActive === true && (isOpen || !isThere) ? { owner: user.remoteId } : {}),
        ...(record === null ? {} : { record }),
      };
      const notMade = reasonNotToMake(task, user);
      const canonical = mapping === undefined ? { values, problems: [] } : canonicaliseRow(mapping, onlyMapped(mapping, values));
      const owner = mapping === undefined ? undefined : fieldOf(mapping, 'owner');
      const isOwnerless = isThere && notMade?.kind === 'told' && owner !== undefined;
      return {
        localId: taskId,
        values: canonical.values,
        problems: [...canonical.problems, ...(isOwnerless ? [{ field: owner.theirs, message: notMade.message }] : [])],
        editedAt: editTimesOf(task),
        parents: {},
        waitsFor: isThere || record !== null || notMade !== null ? null : { objectType: 'registration', localId: registrationId },
        isRestored: task.status === 'open' && place?.leftAs !== 'deleted',
        notMade,
      };
    });
  },

  async lock(trx, ids) {
    await lockTasks(trx, ids);
  },

  async take(trx, deps, connection, { localId, values, editedAt }) {
    const task = await lockTask(trx, localId);
    if (task === null) return [];
    const place = await readTaskPlace(trx, connection, localId);
    const unusable: string[] = [];
    let next = place;
    if (values['status'] !== undefined) {
      next = await withStatus(trx, deps, task, next, values['status'] === 'closed' ? 'closed' : 'open');
      if (next.reopenedAt !== place.reopenedAt) unusable.push('status');
    }
    if (values['owner'] !== undefined) {
      const owner = values['owner'] ?? '';
      const known = (await readUsers(trx, connection)).find((user) => user.remoteId === owner && !user.isShared);
      const told = await onReassigned(trx, deps, { task, connection, owner, alias: known?.alias ?? null, at: editedAt });
      next = { ...next, notes: { ...next.notes, reassigned: told } };
      unusable.push('owner');
    }
    await saveTaskPlace(trx, next);
    // What is left so has another due date than what is asked.
    if (next.leftAs !== place.leftAs) await queuePush(trx, [connection], 'task', [localId]);
    return unusable;
  },

  async answerOverridden(trx, _deps, connection, localId, fields, at) {
    const task = await lockTask(trx, localId);
    if (task === null) return;
    const names = fields.flatMap((field) => FIELD_NAMES[field] ?? []);
    if (names.length > 0) {
      const place = await readTaskPlace(trx, connection, localId);
      const edited = `You edited ${names.join(', ')}: kept by the partner program and written back. Comments belong on the deal registration.`;
      await saveTaskPlace(trx, { ...place, notes: { ...place.notes, edited } });
    }
    await recordAudit(trx, {
      subject: task.subject,
      kind: 'edit of a task written back',
      actor: connection,
      details: { taskId: localId, fields },
      at,
    });
    await queuePush(trx, [connection], 'task', [localId]);
  },

  /** Made again once while the question is open; deleted once more, it stays away. What went with the registration's record comes back with it. */
  async onDeleted(trx, _deps, connection, localId, at, base) {
    const task = await lockTask(trx, localId);
    if (task === null || task.status !== 'open') return;
    const registration = (await readLinksByLocal(trx, connection, 'registration', [task.registrationId])).get(task.registrationId);
    if (base['record'] !== undefined && aliveId(registration) !== base['record']) return;
    const place = await readTaskPlace(trx, connection, localId);
    const isFirst = place.deletedAt === null;
    await saveTaskPlace(trx, {
      ...place,
      deletedAt: place.deletedAt ?? at,
      ...(isFirst ? { notes: { ...place.notes, deleted: DELETED } } : { leftAs: 'deleted' as const }),
    });
    await tell(trx, task, connection, isFirst ? 'deleted task made again' : 'task left deleted', at);
  },

  async onLinked() {
    // Nothing points to a task.
  },
  async keepCommand() {},
  async isAnswered() {
    return true;
  },
  async receive() {
    return null;
  },
};

/** The task once somebody completed or opened it in the CRM. Completing an open question is answered once; whoever does it again is left alone with it. */
async function withStatus(
  trx: Transaction,
  deps: ActivityDependencies,
  task: Task,
  place: TaskPlace,
  theirs: 'open' | 'closed',
): Promise<TaskPlace> {
  const at = deps.now();
  const ours = task.status === 'open' ? 'open' : 'closed';
  if (theirs === ours) return { ...place, leftAs: null };
  if (ours === 'open' && place.reopenedAt === null) {
    await tell(trx, task, place.connection, 'completed task opened again', at);
    return { ...place, reopenedAt: at, notes: { ...place.notes, completed: COMPLETED } };
  }
  await tell(trx, task, place.connection, `task left ${theirs}`, at);
  return { ...place, leftAs: theirs };
}

async function tell(trx: Transaction, { subject, taskId }: Task, connection: string, kind: string, at: Instant): Promise<void> {
  await recordAudit(trx, { subject, kind, actor: connection, details: { taskId }, at });
}

/** How the task is to be in the CRM: as its question stands, unless somebody there insisted on something else. */
function statusIn({ status }: Task, place: TaskPlace | undefined): 'open' | 'closed' {
  const leftAs = place?.leftAs ?? null;
  if (leftAs === 'open' || leftAs === 'closed') return leftAs;
  return status === 'open' ? 'open' : 'closed';
}

/** As a CRM keeps it: the day where the office is, or the instant. */
function dueIn(dueAt: Instant | null, timeZone: string): CanonicalRecord {
  return { dueDay: dueAt === null ? null : dayIn(dueAt, timeZone), dueAt };
}

/** Of the two fields that people may have the last word on. */
function editTimesOf({ fieldTimes: { status, assignee } }: Task): LocalRecord['editedAt'] {
  return { ...(status === undefined ? {} : { status }), ...(assignee === undefined ? {} : { owner: assignee }) };
}

function notesIn({ completed, deleted, reassigned, edited }: TaskNotes): readonly string[] {
  return [completed, deleted, reassigned, edited].filter((note) => note !== undefined);
}

function aliveId(link: Link | undefined): string | null {
  return link === undefined || isBroken(link) ? null : link.remoteId;
}

function reasonNotToMake(task: Task, user: CrmUser | undefined): NotMade | null {
  if (task.kind === 'question' && task.status !== 'open') return { kind: 'unwanted' };
  // A note asks nothing of anybody: without its person it is the integration user's.
  if (user?.isActive === true || task.kind === 'note') return null;
  const problem = user === undefined ? 'no user of this CRM, or of several' : 'a user who is not active';
  return {
    kind: 'told',
    category: 'owner',
    code: ASSIGNEE_UNAVAILABLE,
    message: `${task.assignee} is ${problem}; the task of ${task.subject} is not there.`,
    remedy: 'Activate or add the user, or have somebody else asked; the task follows by itself.',
  };
}
