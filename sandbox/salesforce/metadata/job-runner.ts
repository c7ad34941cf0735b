/** Carries deployments and retrievals out, one after the other, in the order in which they were asked for. */

import { findField, findObject } from '../schema/catalogue.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore } from '../store/record-store.ts';
import { componentKey } from './component.ts';
import { addJob, findJob, isDone, keepJob, nextJob } from './job.ts';
import type { DeployJob, DeployOptions, JobOwner, MetadataJob, RetrieveJob } from './job.ts';
import type { Manifest } from './manifest.ts';
import type { OrgMetadata } from './org-metadata.ts';
import { planDeploy } from './plan-deploy.ts';
import { retrievePackage } from './retrieve.ts';
import { readZipPackage } from './zip-package.ts';
import type { PackageReading } from './zip-package.ts';

export interface MetadataJobs {
  /** Both give the id to ask with. */
  readonly deploy: (owner: JobOwner, zipBase64: string, options: DeployOptions) => string;
  readonly retrieve: (owner: JobOwner, request: RetrieveCall) => string;
  readonly find: (id: string) => MetadataJob | null;
  /** True when the deployment was still open; it is at its end then, and nothing of it was done. */
  readonly cancel: (owner: JobOwner, id: string) => boolean;
  /** A held job has begun and does not get on. */
  readonly hold: (isHeld: boolean) => void;
  readonly wake: () => void;
  readonly close: () => void;
}

export interface RetrieveCall {
  readonly types: readonly (readonly [string, readonly string[]])[];
  readonly version: string;
  readonly singlePackage: boolean;
}

export function createMetadataJobs(store: RecordStore, metadata: OrgMetadata, now: () => number): MetadataJobs {
  let isHeld = false;
  let turn: NodeJS.Immediate | null = null;
  let isClosed = false;

  const wake = () => {
    if (turn === null && !isClosed) turn = setImmediate(step);
  };
  /** One step a turn, so that whoever asks in between sees the job wait and work. */
  const step = () => {
    turn = null;
    const next = nextJob(store);
    if (next === null) return;
    const { job, request } = next;
    if (job.status === 'Pending') keepJob(store, { ...job, status: 'InProgress', startedAtMs: now() });
    else if (isHeld) return;
    else finish(job, request);
    wake();
  };
  const finish = (job: MetadataJob, request: string) =>
    store.transaction(() => {
      keepJob(store, job.kind === 'deploy' ? deploy(store, metadata, job, request, now) : retrieve(metadata, job, request, now));
      return true;
    });
  const head = (owner: JobOwner) =>
    ({ owner, status: 'Pending', createdAtMs: now(), startedAtMs: null, completedAtMs: null, error: null }) as const;
  const add = (job: MetadataJob, request: string) => {
    addJob(store, job, request);
    wake();
    return job.id;
  };

  return {
    deploy: (owner, zipBase64, options) => {
      const id = store.newId('0Af');
      return add({ ...head(owner), id, kind: 'deploy', options, canceledBy: null, total: 0, failures: [], successes: [] }, zipBase64);
    },
    retrieve: (owner, request) => {
      const id = store.newId('09S');
      return add({ ...head(owner), id, kind: 'retrieve', zipFile: null, files: [], messages: [] }, JSON.stringify(request));
    },
    find: (id) => findJob(store, id),
    cancel: (owner, id) => {
      const job = findJob(store, id);
      if (job?.kind !== 'deploy' || isDone(job)) return false;
      keepJob(store, { ...job, status: 'Canceled', canceledBy: owner, completedAtMs: now() });
      wake();
      return true;
    },
    hold: (held) => {
      isHeld = held;
      wake();
    },
    wake,
    close: () => {
      isClosed = true;
      if (turn !== null) clearImmediate(turn);
    },
  };
}

function deploy(store: RecordStore, metadata: OrgMetadata, job: DeployJob, zipBase64: string, now: () => number): DeployJob {
  const done = { ...job, completedAtMs: now() };
  const reading = tryReading(zipBase64);
  if (typeof reading === 'string') return { ...done, status: 'Failed', error: { code: 'UNKNOWN_EXCEPTION', message: reading } };
  const { failures, successes, change } = planDeploy(reading, {
    schema: store.schema,
    components: metadata.components(),
    holdsData: (object, field) => holdsData(store, object, field),
  });
  const { checkOnly, rollbackOnError, ignoreWarnings } = job.options;
  const hasFailed = failures.length > 0 || (!ignoreWarnings && successes.some((each) => each.problemType === 'Warning'));
  const keepsPart = !rollbackOnError && successes.length > 0;
  if (!checkOnly && (!hasFailed || keepsPart)) metadata.apply(change, job.owner.userId);
  const total = reading.components.length + reading.removals.length + reading.problems.length;
  return { ...done, status: hasFailed ? (keepsPart ? 'SucceededPartial' : 'Failed') : 'Succeeded', total, failures, successes };
}

/** The package, or why it cannot be read. */
function tryReading(zipBase64: string): PackageReading | string {
  try {
    return readZipPackage(Buffer.from(zipBase64, 'base64'));
  } catch (error) {
    return `The zip file cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function retrieve(metadata: OrgMetadata, job: RetrieveJob, request: string, now: () => number): RetrieveJob {
  const { types, version, singlePackage } = JSON.parse(request) as RetrieveCall;
  const manifest: Manifest = { types: new Map(types), version };
  const { zip, files, messages } = retrievePackage(metadata.components(), { manifest, singlePackage, apiVersion: version });
  return {
    ...job,
    status: 'Succeeded',
    completedAtMs: now(),
    zipFile: Buffer.from(zip).toString('base64'),
    files: files.map(({ fileName, component }) => ({ fileName, key: componentKey(component.type, component.fullName) })),
    messages,
  };
}

function holdsData(store: RecordStore, object: string, fieldName: string): boolean {
  const definition = findObject(store.schema, object);
  const field = definition === null ? null : findField(definition, fieldName);
  if (definition === null || field === null) return false;
  return store.select(`SELECT 1 FROM ${quoted(definition.name)} WHERE ${quoted(field.name)} IS NOT NULL LIMIT 1`).length > 0;
}
