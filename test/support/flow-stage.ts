import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { WorkflowNotFoundError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { DateTime } from 'luxon';
import type { EventActivities, NotifyActivities, RegistrationActivities, SyncActivities } from '../../activities/contract.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { asRegistered } from '../../activities/failure.ts';
import { sendUpdate, type UpdateResult } from '../../api/send-update.ts';
import { caseStart, registrationStart } from '../../api/workflow-start.ts';
import type { CaseCommand } from '../../program/case-life.ts';
import { caseWorkflowId, MESSAGES, registrationWorkflowId, TASK_QUEUE } from '../../program/messages.ts';
import type { RegistrationCommand, RegistrationState } from '../../program/registration-life.ts';
import type { Program } from '../../program/definition/program.ts';
import type { WorkingCalendar } from '../../program/working-time.ts';
import { storeCommand } from '../../store/command.ts';
import { findRegistration } from '../../store/registration.ts';
import type { Database } from '../../store/database.ts';
import { startDispatcher, type Dispatcher } from '../../workers/dispatcher.ts';
import { SEARCH_ATTRIBUTES } from '../../workers/embedded/temporal-server.ts';
import { nudgeNotify } from '../../workers/notify-workflows.ts';
import { createDelivery } from '../../workers/outbox-delivery.ts';
import { ACME, OFFICE } from '../program/example.ts';
import { createDecisionStage, later, type ClaimWishes, type CommandOptions, type DecisionStage } from './decision-stage.ts';
import { until } from './until.ts';

/** The real workflows on a Temporal server, with the real activities on a real database, fed by the outbox as in production. */
export interface FlowStage {
  readonly decisions: DecisionStage;
  readonly environment: TestWorkflowEnvironment;
  /** Days on which the office of the calendar is closed, beside weekends; a test may add one. */
  readonly holidays: string[];
  /** The server's time, to which skipped time belongs. */
  now(): Promise<string>;
  /** Goes to `instant`, with everything that is due on the way; does nothing when it has passed. */
  skipTo(instant: string): Promise<void>;
  /** Intake: the claim is stored, and the outbox starts its workflow. Answers when it was judged. */
  submit(wishes?: ClaimWishes): Promise<string>;
  state(registrationId: string): Promise<RegistrationState>;
  /** Waits until the registration's stored state is as wanted. */
  untilState(registrationId: string, what: string, isWanted: (state: RegistrationState) => boolean): Promise<RegistrationState>;
  /** Stores a command and sends it to the workflow, as the API does. */
  send(registrationId: string, command: RegistrationCommand, options?: Omit<CommandOptions, 'at'>): Promise<UpdateResult>;
  settle(caseId: string, command: CaseCommand, commandId?: string): Promise<UpdateResult>;
  /** What operators see: the search attributes of a workflow. */
  visible(workflowId: string): Promise<Readonly<Record<string, unknown>>>;
  /** Waits until operators see at least this. */
  untilVisible(workflowId: string, wanted: Readonly<Record<string, unknown>>): Promise<void>;
  historyLength(workflowId: string): Promise<number>;
  /** Waits until the workflow has ended by itself; its result. */
  ended(workflowId: string): Promise<unknown>;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  close(): Promise<void>;
}

/** The skipping server and the replays of changed workflows would fill the terminal with warnings that tests expect. */
const QUIETLY = {
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  shutdownSignals: [],
};

const MOST_STARTS = 5;

let installed = false;
let bundled: Promise<WorkflowBundle> | null = null;

export function bundleWorkflows(): Promise<WorkflowBundle> {
  if (!installed) Runtime.install(QUIETLY);
  installed = true;
  bundled ??= bundleWorkflowCode({ workflowsPath: join(process.cwd(), 'workflows', 'index.ts'), logger: new DefaultLogger('ERROR') });
  return bundled;
}

/** A server whose time can be skipped, from the program at `path`. It knows no search attributes before they are added. */
export async function openTimeSkipping(path: string): Promise<TestWorkflowEnvironment> {
  await bundleWorkflows();
  const server = { executable: { type: 'existing-path', path } } as const;
  const environment = await startedInTime(() => TestWorkflowEnvironment.createTimeSkipping({ server }));
  const types = { Keyword: 2, Datetime: 6, Bool: 5 } as const;
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, types[type]])),
  });
  return environment;
}

/** The development server, whose time runs as ours does; histories are suggested to continue as new after `eventsPerRun`. */
export async function openDevelopmentServer(path: string, eventsPerRun: number): Promise<TestWorkflowEnvironment> {
  await bundleWorkflows();
  const attributes = Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);
  const suggestion = ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${eventsPerRun}`];
  const executable = { type: 'existing-path', path } as const;
  const extraArgs = [...attributes, ...suggestion];
  return startedInTime(() => TestWorkflowEnvironment.createLocal({ server: { executable, ip: '127.0.0.1', extraArgs } }));
}

/** The SDK gives a server five seconds to start. Where other suites keep the machine busy that can be too few, and is tried again. */
async function startedInTime(start: () => Promise<TestWorkflowEnvironment>): Promise<TestWorkflowEnvironment> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === MOST_STARTS || !String(error).includes('did not start within')) throw error;
    }
  }
}

/** `moreActivities`: those of sync, where a test plays the CRM; those of messages; those of decisions that are to fail. `more`: what the decisions depend on besides, such as channels. */
export async function openFlowStage(
  environment: TestWorkflowEnvironment,
  db: Database,
  databaseUrl: string,
  moreActivities: Partial<SyncActivities & NotifyActivities & EventActivities & RegistrationActivities> = {},
  program: Program = ACME,
  more: Partial<ActivityDependencies> = {},
): Promise<FlowStage> {
  const workflowBundle = await bundleWorkflows();
  const holidays: string[] = [];
  let offsetMs = (await environment.currentTimeMs()) - Date.now();
  const calendar = (): WorkingCalendar => ({ ...OFFICE, holidays });
  const decisions = createDecisionStage(db, {
    programs: { current: () => program, byVersion: () => program },
    calendarOf: calendar,
    now: () => new Date(Date.now() + offsetMs).toISOString(),
    ...more,
  });
  const { client } = environment;
  let worker: { readonly stop: () => Promise<void> } | null = null;

  const startWorker = async (): Promise<void> => {
    const created = await Worker.create({
      connection: environment.nativeConnection,
      taskQueue: TASK_QUEUE,
      workflowBundle,
      activities: asRegistered({ ...decisions.registrations, ...decisions.cases, ...moreActivities }),
      // Nothing is kept between tasks: each one replays the whole history, and a worker takes over from another at once.
      maxCachedWorkflows: 0,
    });
    const running = created.run();
    worker = {
      async stop() {
        created.shutdown();
        await running;
      },
    };
  };
  await startWorker();
  const dispatcher: Dispatcher = startDispatcher({
    db,
    databaseUrl,
    deliver: createDelivery(client, db),
    nudge: async () => undefined,
    ...(more.channels === undefined ? {} : { nudgeChannel: (channel) => nudgeNotify(client, channel) }),
    log: decisions.deps.log,
  });

  const state = async (registrationId: string): Promise<RegistrationState> => (await decisions.registration(registrationId)).state;
  const now = async (): Promise<string> => new Date(await environment.currentTimeMs()).toISOString();
  const untilState: FlowStage['untilState'] = (registrationId, what, isWanted) =>
    until(
      what,
      async () => {
        const current = await state(registrationId);
        return isWanted(current) ? current : null;
      },
      20_000,
    );
  const visible = async (workflowId: string): Promise<Readonly<Record<string, unknown>>> => {
    const { typedSearchAttributes } = await client.workflow.getHandle(workflowId).describe();
    const own = typedSearchAttributes.getAll().filter(({ key }) => Object.hasOwn(SEARCH_ATTRIBUTES, key.name));
    return Object.fromEntries(own.map(({ key, value }) => [key.name, value]));
  };
  const stopWorker = async (): Promise<void> => {
    await worker?.stop();
    worker = null;
  };

  return {
    decisions,
    environment,
    holidays,
    now,
    async skipTo(instant) {
      const aheadMs = Date.parse(instant) - (await environment.currentTimeMs());
      if (aheadMs > 0) await environment.sleep(aheadMs);
      offsetMs = (await environment.currentTimeMs()) - Date.now();
    },
    async submit(wishes) {
      const { registrationId } = await decisions.receive(wishes);
      await untilState(registrationId, `the verdict on ${registrationId}`, ({ status }) => status !== 'submitted');
      return registrationId;
    },
    state,
    untilState,
    async send(registrationId, command, { commandId = randomUUID(), comment = null, amendment } = {}) {
      const stored = { commandId, command, comment, ...(amendment === undefined ? {} : { amendment }) };
      await storeCommand(db, registrationId, stored, decisions.deps.now());
      return sendUpdate(client, {
        start: registrationStart(registrationId, (await findRegistration(db, registrationId))?.partnerId ?? null),
        update: MESSAGES.commandRegistration,
        message: { commandId, command },
      });
    },
    settle: (caseId, command, commandId = randomUUID()) =>
      sendUpdate(client, {
        start: caseStart(caseId),
        update: MESSAGES.resolveCase,
        message: { commandId, command },
      }),
    visible,
    async untilVisible(workflowId, wanted) {
      const isSeen = (seen: Readonly<Record<string, unknown>>): boolean =>
        Object.entries(wanted).every(([name, value]) => JSON.stringify(seen[name]) === JSON.stringify(value));
      await until(`${workflowId} is seen with ${JSON.stringify(wanted)}`, async () => isSeen(await visible(workflowId)), 20_000);
    },
    async historyLength(workflowId) {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return events?.length ?? 0;
    },
    async ended(workflowId) {
      const handle = client.workflow.getHandle(workflowId);
      await until(`${workflowId} has ended`, async () => (await handle.describe()).status.name === 'COMPLETED', 20_000);
      return handle.result();
    },
    startWorker,
    stopWorker,
    async close() {
      await dispatcher.stop();
      await endWorkflows();
      await stopWorker();
    },
  };

  /** The server goes with the test: what still waits is ended, so that no poll is left in the air. */
  async function endWorkflows(): Promise<void> {
    const [registrations, cases] = await Promise.all([
      db.selectFrom('registration').select('id').execute(),
      db.selectFrom('conflict_case').select('id').execute(),
    ]);
    const ids = [...registrations.map(({ id }) => registrationWorkflowId(id)), ...cases.map(({ id }) => caseWorkflowId(id))];
    for (const id of ids) {
      await client.workflow
        .getHandle(id)
        .terminate('the test is over')
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
    }
  }
}

/** `days` later at the same time of day in the office, as its calendar counts. */
export function officeDaysLater(at: string, days: number): string {
  return DateTime.fromISO(at, { zone: OFFICE.timeZone }).plus({ days }).toUTC().toISO() ?? '';
}

/** The next such weekday (ISO, 1 is Monday) at 15:00 in UTC, at least a day ahead: within the hours of the office in New York, in summer and in winter. */
export function nextWeekday(from: string, weekday: number): string {
  const start = new Date(`${later(from, 24 * 3_600_000).slice(0, 10)}T15:00:00.000Z`);
  const days = (weekday - (start.getUTCDay() || 7) + 7) % 7;
  return new Date(start.getTime() + days * 24 * 3_600_000).toISOString();
}
