import type { SyncActivities } from '../../activities/contract.ts';
import { taskRecords } from '../../activities/sync/task-record.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import { listAudit } from '../../store/audit.ts';
import { readTaskPlace, type TaskPlace } from '../../store/task-place.ts';
import { closeTask, findTask, putTask, taskIdOf, type NewTask, type Task, type TaskOutcome } from '../../store/task.ts';
import type { CrmRow, SyncStage } from './sync-stage.ts';

const CRM = 'salesforce';

/** Tasks on the stage of sync, and what people do to them. */
export interface TaskStage {
  /** Asks `manager` something about a registration, unless said otherwise; it is not pushed yet. */
  ask(registrationId: string, changes?: Partial<NewTask>): Promise<string>;
  settle(taskId: string, outcome?: TaskOutcome): Promise<boolean>;
  /** Pull and push of tasks, as their workflow does when it is nudged. */
  cycle(by?: SyncActivities): Promise<void>;
  /** Cycles until one writes nothing and nothing is queued, of tasks alone or of every record type; throws when that never happens. */
  calm(types?: 'tasks' | 'all'): Promise<void>;
  task(taskId: string): Promise<Task>;
  place(taskId: string): Promise<TaskPlace>;
  /** The rows with our id in the CRM, deleted ones left out. */
  rows(taskId: string): Promise<readonly CrmRow[]>;
  /** The only one of them. */
  row(taskId: string): Promise<CrmRow>;
  /** Every mapped field in which a task and its row differ. */
  differences(taskId: string): Promise<readonly string[]>;
  userId(alias: string): Promise<string>;
  audit(registrationId: string): Promise<readonly string[]>;
}

const ANSWERED: TaskOutcome = { status: 'done', words: 'answered by director: approved' };
const MOST_CYCLES = 12;
const COLUMNS = ['Id', 'IsDeleted', ...new Set(salesforceMapping.task.fields.map(({ theirs }) => theirs))].join(', ');

/** `connections`: to which CRMs a change is pushed. */
export function createTaskStage(stage: SyncStage, connections: readonly string[] = [CRM]): TaskStage {
  const change = () => ({ connections, at: stage.deps.now() });
  const rows = (taskId: string) => stage.rep.query(`SELECT ${COLUMNS} FROM Task WHERE Question_Id__c = '${taskId}'`);
  const tasks: TaskStage = {
    async ask(registrationId, changes = {}) {
      const task: NewTask = {
        taskId: taskIdOf(`${registrationId}/manager/1`, changes.assignee ?? 'manager'),
        subject: registrationWorkflowId(registrationId),
        registrationId,
        assignee: 'manager',
        kind: 'question',
        title: 'Decide the registration of Northwind Inc',
        body: 'Two sites, USD 60,000.',
        dueAt: '2026-11-24T22:00:00.000Z',
        priority: 'normal',
        ...changes,
      };
      await stage.db.transaction().execute((trx) => putTask(trx, task, change()));
      return task.taskId;
    },
    settle: (taskId, outcome = ANSWERED) => stage.db.transaction().execute((trx) => closeTask(trx, taskId, outcome, change())),
    async cycle(by = stage.sync) {
      await stage.pull('task', by);
      await stage.push('task', by);
    },
    async calm(types = 'tasks') {
      for (let cycles = 0; cycles < MOST_CYCLES; cycles += 1) {
        await stage.db
          .updateTable('push_queue')
          .set({ not_before: new Date(0).toISOString() })
          .execute();
        const { writes } = await stage.callsDuring(async () => {
          if (types === 'all') await stage.cycle();
          await tasks.cycle();
        });
        const queued = await stage.db.selectFrom('push_queue').select('local_id').where('object_type', '=', 'task').execute();
        if (writes === 0 && queued.length === 0) return;
      }
      throw new Error(`still writing after ${MOST_CYCLES} cycles: ${JSON.stringify(await stage.issues())}`);
    },
    async task(taskId) {
      const found = await findTask(stage.db, taskId);
      if (found === null) throw new Error(`there is no task ${taskId}`);
      return found;
    },
    place: (taskId) => readTaskPlace(stage.db, CRM, taskId),
    rows,
    async row(taskId) {
      const [only, ...more] = await rows(taskId);
      if (only === undefined || more.length > 0)
        throw new Error(`${only === undefined ? 'no row' : `${more.length + 1} rows`} of task ${taskId}`);
      return only;
    },
    async differences(taskId) {
      const [local] = await taskRecords.read(stage.db, stage.deps, CRM, [taskId]);
      const row = await tasks.row(taskId);
      return salesforceMapping.task.fields.flatMap(({ ours, theirs, codec }) => {
        const [mine, yours] = [local?.values[ours], codec.decode(row[theirs] ?? null)];
        return mine === undefined || mine === yours ? [] : [`${ours}: ours ${mine}, theirs ${yours}`];
      });
    },
    async userId(alias) {
      const [user] = await stage.rep.query(`SELECT Id FROM User WHERE Username = '${alias}@acme.example'`);
      return String(user?.['Id']);
    },
    audit: async (registrationId) => (await listAudit(stage.db, registrationWorkflowId(registrationId), 100)).map(({ kind }) => kind),
  };
  return tasks;
}
