/** What the Metadata API answers, in the order of its WSDL, which strict clients insist on. Source: Metadata API Developer Guide, "Result Objects". */

import type { DeployMessage } from '../metadata/deploy-message.ts';
import { isDone } from '../metadata/job.ts';
import type { DeployJob, JobOwner, RetrieveJob } from '../metadata/job.ts';
import { CHILD_KINDS, KINDS, OBJECT_KIND } from '../metadata/kind.ts';
import type { KeptComponent } from '../metadata/org-metadata.ts';
import type { XmlElement } from '../metadata/xml.ts';

/** AsyncResult, as `deploy` and `retrieve` give it. */
export function queuedResult(id: string): XmlElement {
  return { done: 'false', id, state: 'Queued' };
}

/** AsyncResult, as `checkStatus` gives it: a job that ended is completed, whatever came of it, unless it could not be worked on at all. */
export function asyncResult(job: DeployJob | RetrieveJob): XmlElement {
  const ended = job.error === null ? 'Completed' : 'Error';
  return withoutNull({
    done: String(isDone(job)),
    id: job.id,
    message: job.error?.message ?? null,
    state: isDone(job) ? ended : job.status === 'Pending' ? 'Queued' : 'InProgress',
    statusCode: job.error?.code ?? null,
  });
}

/** DeployResult; what was said of components comes along with `includeDetails` alone. */
export function deployResult(job: DeployJob, includeDetails: boolean): XmlElement {
  const instant = (epochMs: number | null): string | null => (epochMs === null ? null : new Date(epochMs).toISOString());
  const lastMs = job.completedAtMs ?? job.startedAtMs ?? job.createdAtMs;
  return withoutNull({
    canceledBy: job.canceledBy?.userId ?? null,
    canceledByName: job.canceledBy?.name ?? null,
    checkOnly: String(job.options.checkOnly),
    completedDate: instant(job.completedAtMs),
    createdBy: job.owner.userId,
    createdByName: job.owner.name,
    createdDate: instant(job.createdAtMs),
    details: includeDetails ? detailsOf(job) : null,
    done: String(isDone(job)),
    errorMessage: job.error?.message ?? null,
    errorStatusCode: job.error?.code ?? null,
    id: job.id,
    ignoreWarnings: String(job.options.ignoreWarnings),
    lastModifiedDate: instant(lastMs),
    numberComponentErrors: String(job.failures.length),
    numberComponentsDeployed: String(job.successes.length),
    numberComponentsTotal: String(job.total),
    numberTestErrors: '0',
    numberTestsCompleted: '0',
    numberTestsTotal: '0',
    rollbackOnError: String(job.options.rollbackOnError),
    runTestsEnabled: 'false',
    startDate: instant(job.startedAtMs),
    status: job.status,
    success: String(job.status === 'Succeeded' || job.status === 'SucceededPartial'),
  });
}

function detailsOf(job: DeployJob): XmlElement {
  return {
    componentFailures: job.failures.map((each) => messageOf(each, job)),
    componentSuccesses: job.successes.map((each) => messageOf(each, job)),
    runTestResult: { numFailures: '0', numTestsRun: '0', totalTime: '0.0' },
  };
}

function messageOf(message: DeployMessage, job: DeployJob): XmlElement {
  const isGood = message.problem === null || (message.problemType === 'Warning' && job.options.ignoreWarnings);
  return withoutNull({
    changed: String(message.change === 'changed' || message.change === 'created' || message.change === 'deleted'),
    columnNumber: message.column === null ? null : String(message.column),
    componentType: message.componentType,
    created: String(message.change === 'created'),
    createdDate: new Date(job.completedAtMs ?? job.createdAtMs).toISOString(),
    deleted: String(message.change === 'deleted'),
    fileName: message.fileName,
    fullName: message.fullName,
    id: message.id,
    lineNumber: message.line === null ? null : String(message.line),
    problem: message.problem,
    problemType: message.problemType,
    success: String(isGood),
  });
}

/** RetrieveResult; `properties` are those of the files. */
export function retrieveResult(job: RetrieveJob, properties: readonly XmlElement[], includeZip: boolean): XmlElement {
  return withoutNull({
    done: String(isDone(job)),
    fileProperties: properties,
    id: job.id,
    messages: job.messages,
    status: job.status,
    success: String(job.status === 'Succeeded'),
    zipFile: includeZip ? (job.zipFile ?? '') : null,
  });
}

/** FileProperties. `nobody` stands for what the org began with. */
export function fileProperties(component: KeptComponent, fileName: string, nameOf: (userId: string | null) => JobOwner): XmlElement {
  const [creator, modifier] = [nameOf(component.createdBy), nameOf(component.modifiedBy)];
  return {
    createdById: creator.userId,
    createdByName: creator.name,
    createdDate: new Date(component.createdAtMs).toISOString(),
    fileName,
    fullName: component.fullName,
    id: component.id,
    lastModifiedById: modifier.userId,
    lastModifiedByName: modifier.name,
    lastModifiedDate: new Date(component.modifiedAtMs).toISOString(),
    manageableState: 'unmanaged',
    type: component.type,
  };
}

/** DescribeMetadataResult: the kinds that the org keeps. */
export function describeMetadataResult(): XmlElement {
  const objects = KINDS.map((kind) => ({
    ...(kind === OBJECT_KIND ? { childXmlNames: CHILD_KINDS.map((each) => each.type) } : {}),
    directoryName: kind.folder,
    inFolder: String(kind.inFolder),
    metaFile: 'false',
    suffix: kind.suffix,
    xmlName: kind.type,
  }));
  return { metadataObjects: objects, organizationNamespace: '', partialSaveAllowed: 'true', testRequired: 'false' };
}

function withoutNull(values: Readonly<Record<string, XmlElement[string] | null>>): XmlElement {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
