import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { activityInfo, ApplicationFailure } from '@temporalio/activity';
import { WorkflowIdConflictPolicy, type Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { sql } from 'kysely';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createCaseActivities } from '../../activities/decision/case-activities.ts';
import type { ActivityDependencies } from '../../activities/decision/dependencies.ts';
import { createRegistrationActivities } from '../../activities/decision/registration-activities.ts';
import { asRegistered } from '../../activities/failure.ts';
import { createApi } from '../../api/server.ts';
import type { Program } from '../../program/definition/program.ts';
import { TASK_QUEUE } from '../../program/messages.ts';
import type { Instant } from '../../program/vocabulary.ts';
import type { Database } from '../../store/database.ts';
import { dispatchDue } from '../../store/outbox.ts';
import { createCalendars, loadFreeMailDomains } from '../../workers/compose/reference-data.ts';
import { SEARCH_ATTRIBUTES } from '../../workers/embedded/temporal-server.ts';
import { createDelivery } from '../../workers/outbox-delivery.ts';
import type { PersonInput, PlannedDeed, YearActivities } from './deed.ts';

const API_TOKEN = 'of-the-year-0123456789abcdef';
const BATCH = 100;

/** What a call over HTTP is answered with. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The whole product but the CRMs, on a server whose time is skipped. */
export interface YearStage {
  readonly db: Database;
  readonly program: Program;
  readonly client: Client;
  readonly calendarOf: ActivityDependencies['calendarOf'];
  /** The server's time. */
  readonly now: () => Instant;
  /** What partners, approvers and the office ask of the API. */
  readonly call: (method: 'GET' | 'POST' | 'PUT', url: string, body?: object, idempotencyKey?: string) => Promise<Answer>;
  /** Has somebody do something later on. */
  readonly intend: (name: string, planned: PlannedDeed) => Promise<void>;
  readonly start: (person: PersonInput) => Promise<void>;
  /** Lets so much time pass, with everything that is due in it. */
  readonly pass: (milliseconds: number) => Promise<void>;
}

export interface YearStageOptions {
  readonly db: Database;
  readonly program: Program;
  /** The program of the server whose time can be skipped. */
  readonly server: string;
  readonly people: (stage: YearStage) => YearActivities;
  /** After every change: what was committed is known to the workflows by then. */
  readonly changed: (stage: YearStage) => Promise<void>;
}

/**
 * Runs `work` on a stage of its own. What an activity commits is delivered before the activity ends: as long as an activity runs the server's time stands still, so that
 * nothing is late because of this machine.
 */
export async function withYearStage<Result>(options: YearStageOptions, work: (stage: YearStage) => Promise<Result>): Promise<Result> {
  const { db, program } = options;
  const log = new DefaultLogger('ERROR');
  Runtime.install({
    logger: log,
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: options.server } },
  });
  try {
    await addSearchAttributes(environment);
    let latest = await environment.currentTimeMs();
    const now = (): Instant => new Date(latest).toISOString();
    const calendarOf = createCalendars(() => new Date(latest));
    const deps: ActivityDependencies = {
      db,
      programs: { current: () => program, byVersion: (version) => (version === program.version ? program : null) },
      calendarOf,
      freeMailDomains: loadFreeMailDomains(),
      connections: new Map(),
      now,
      newId: randomUUID,
      log: pino({ level: 'silent' }),
    };
    const { client } = environment;
    const api = await createApi({
      ...deps,
      temporal: client,
      connections: [],
      apiToken: API_TOKEN,
      preview: () => Promise.reject(new Error('nobody asks for a preview in the year')),
      logger: false,
      metrics: new Registry(),
      readiness: () => Promise.resolve({ ready: true, reasons: [] }),
    });
    const stage: YearStage = {
      db,
      program,
      client,
      calendarOf,
      now,
      async call(method, url, body, idempotencyKey) {
        const answer = await api.inject({
          method,
          url,
          headers: {
            authorization: `Bearer ${API_TOKEN}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        });
        // Nobody knows yet: whoever called asks again, as a portal would.
        if (answer.statusCode >= 500)
          throw ApplicationFailure.create({ message: `${method} ${url} answered ${answer.statusCode}: ${answer.body}` });
        return { status: answer.statusCode, body: answer.json() };
      },
      async intend(name, planned) {
        await client.workflow.signalWithStart('person', { ...startOf({ name, planned: [] }), signal: 'plan', signalArgs: [planned] });
      },
      async start(person) {
        await client.workflow.start('person', startOf(person));
      },
      pass: (milliseconds) => environment.sleep(milliseconds),
    };
    const deliver = createDelivery(client, db);
    const settled = async (): Promise<void> => {
      while (await somethingWaits(db)) {
        const { delivered } = await dispatchDue(db, BATCH, deliver);
        if (delivered === 0) break;
      }
      await options.changed(stage);
    };
    const activities = {
      ...createRegistrationActivities(deps),
      ...createCaseActivities(deps),
      ...options.people(stage),
    };
    // Nobody looks at the call stacks that the SDK keeps of every promise of a workflow, for those who watch it; here they would be a tenth of the year.
    setFlagsFromString('--stack-trace-limit=0');
    // On one machine it would only cost: the environment's own connection compresses whatever it sends.
    const connection = await NativeConnection.connect({ address: environment.address, grpcCompression: { codec: 'none' } });
    const worker = await Worker.create({
      connection,
      taskQueue: TASK_QUEUE,
      workflowBundle: await bundleWorkflowCode({ workflowsPath: join(process.cwd(), 'bench', 'year', 'flows.ts'), logger: log }),
      activities: asRegistered(
        inServerTime(activities, settled, (at) => {
          latest = Math.max(latest, at);
        }),
      ),
      maxCachedWorkflows: 3_000,
      maxConcurrentActivityTaskExecutions: 20,
      maxConcurrentWorkflowTaskExecutions: 40,
    });
    const running = worker.run();
    try {
      return await Promise.race([work(stage), running.then(() => Promise.reject(new Error('the worker ended')))]);
    } finally {
      worker.shutdown();
      await running;
      await connection.close();
      await api.close();
    }
  } finally {
    await environment.teardown();
  }
}

async function somethingWaits(db: Database): Promise<boolean> {
  const { rows } = await sql`select from outbox limit 1`.execute(db);
  return rows.length > 0;
}

function startOf(person: PersonInput) {
  return {
    workflowId: `person/${person.name}`,
    taskQueue: TASK_QUEUE,
    args: [person] as [PersonInput],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  };
}

/** The same activities, which know the server's time and end only when what they committed has arrived. */
function inServerTime<T extends object>(activities: T, settled: () => Promise<void>, tell: (atMs: number) => void): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: unknown[]) => {
      const { isLocal, currentAttemptScheduledTimestampMs } = activityInfo();
      // One that is local is told by its workflow: the server knows nothing of it.
      tell(isLocal ? Number(args.at(-1)) : currentAttemptScheduledTimestampMs);
      const result = await (activity as (...args: unknown[]) => Promise<unknown>)(...args);
      await settled();
      return result;
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

async function addSearchAttributes({ connection }: TestWorkflowEnvironment): Promise<void> {
  const types = { Keyword: 2, Datetime: 6, Bool: 5 } as const;
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, types[type]])),
  });
}
