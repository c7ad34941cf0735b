/** The Metadata API: SOAP calls at `/services/Soap/m/XX.X`. Source: Metadata API Developer Guide, "File-Based Calls", "Utility Calls". */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RetrieveCall, MetadataJobs } from '../metadata/job-runner.ts';
import { folderType, isKnownType } from '../metadata/kind.ts';
import { readManifest } from '../metadata/manifest.ts';
import { fileNameOf } from '../metadata/retrieve.ts';
import { elementsIn, textIn } from '../metadata/xml.ts';
import type { XmlElement } from '../metadata/xml.ts';
import type { Org } from '../org.ts';
import type { Caller } from '../session.ts';
import { parseId } from '../store/record-id.ts';
import {
  asyncResult,
  deployResult,
  describeMetadataResult,
  fileProperties,
  queuedResult,
  retrieveResult,
} from '../wire/metadata-result.ts';
import { apiFault, clientFault, readSoapCall, writeSoapAnswer, writeSoapFault } from '../wire/soap.ts';
import type { SoapFault } from '../wire/soap.ts';
import { NEWEST_VERSION, OLDEST_VERSION } from './exchange.ts';

const NO_SUCH_JOB = apiFault('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
const SESSION_FAULT = apiFault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session. Session not found');
const NO_RIGHT_FAULT = apiFault(
  'INSUFFICIENT_ACCESS',
  'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
);
const LIMIT_FAULT = apiFault('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');

/** Calls that Salesforce has and this sandbox has not. */
const UNBUILT = new Set([
  'createMetadata',
  'deleteMetadata',
  'deployRecentValidation',
  'describeValueType',
  'readMetadata',
  'renameMetadata',
  'updateMetadata',
  'upsertMetadata',
]);

interface MetadataCall {
  readonly org: Org;
  readonly jobs: MetadataJobs;
  readonly caller: Caller;
  readonly parameters: XmlElement;
  readonly version: string;
}

type Answer = { readonly results: readonly XmlElement[] } | { readonly fault: SoapFault };

const OPERATIONS: Readonly<Record<string, (call: MetadataCall) => Answer>> = {
  deploy,
  checkDeployStatus,
  checkStatus,
  cancelDeploy,
  retrieve,
  checkRetrieveStatus,
  listMetadata,
  describeMetadata: () => one(describeMetadataResult()),
};

export function registerMetadataSoap(app: FastifyInstance, org: Org, jobs: MetadataJobs): void {
  // The identity URL gives the address with the org's id behind it.
  app.post('/services/Soap/m/:version/:organization', (request, reply) => answerCall(org, jobs, request, reply));
  // Some clients name what they ask after in the address as well, and the body is what counts.
  app.post('/services/Soap/m/:version/deployRequest/:job', (request, reply) => answerCall(org, jobs, request, reply));
  app.post('/services/Soap/m/:version', (request, reply) => answerCall(org, jobs, request, reply));
}

async function answerCall(org: Org, jobs: MetadataJobs, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { version } = request.params as { readonly version: string };
  const number = Number(/^(\d+)(\.0)?$/.exec(version)?.[1] ?? 0);
  if (number < OLDEST_VERSION || number > NEWEST_VERSION)
    return sendFault(reply, apiFault('UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL'));
  const reading = readSoapCall(typeof request.body === 'string' ? request.body : '');
  if ('fault' in reading) return sendFault(reply, reading.fault);
  const { operation, parameters, sessionId } = reading.call;
  const caller = org.sessions.callerOf(sessionId);
  if (caller === null) return sendFault(reply, SESSION_FAULT);
  const access = org.access.of(caller.userId);
  if (!access.may('ModifyMetadata') && !access.may('ModifyAllData')) return sendFault(reply, NO_RIGHT_FAULT);
  if (!org.usage.take()) return sendFault(reply, LIMIT_FAULT);
  const work = OPERATIONS[operation];
  if (work === undefined) return sendFault(reply, unknownOperation(operation));
  const answer = work({ org, jobs, caller, parameters, version: `${number}.0` });
  if ('fault' in answer) return sendFault(reply, answer.fault);
  return reply.type('text/xml; charset=utf-8').send(writeSoapAnswer(operation, answer.results));
}

function unknownOperation(operation: string): SoapFault {
  if (UNBUILT.has(operation))
    return {
      status: 501,
      code: 'sf:NOT_IMPLEMENTED',
      message: `NOT_IMPLEMENTED: ${operation} of the Metadata API is not built in this sandbox`,
    };
  return clientFault(
    `No operation available for request {http://soap.sforce.com/2006/04/metadata}${operation}, please check the WSDL for the service.`,
  );
}

function sendFault(reply: FastifyReply, fault: SoapFault): FastifyReply {
  return reply.code(fault.status).type('text/xml; charset=utf-8').send(writeSoapFault(fault));
}

function one(result: XmlElement): Answer {
  return { results: [result] };
}

function deploy({ jobs, caller, parameters }: MetadataCall): Answer {
  const zipFile = textIn(parameters, 'ZipFile');
  if (zipFile === null) return { fault: clientFault('Missing required element: ZipFile') };
  const [options = {}] = elementsIn(parameters, 'DeployOptions');
  const isSet = (name: string) => textIn(options, name) === 'true';
  return one(
    queuedResult(
      jobs.deploy(caller, zipFile, {
        checkOnly: isSet('checkOnly'),
        rollbackOnError: isSet('rollbackOnError'),
        ignoreWarnings: isSet('ignoreWarnings'),
      }),
    ),
  );
}

function checkDeployStatus({ jobs, parameters }: MetadataCall): Answer {
  const job = jobs.find(idIn(parameters, 'asyncProcessId'));
  return job?.kind === 'deploy' ? one(deployResult(job, textIn(parameters, 'includeDetails') === 'true')) : { fault: NO_SUCH_JOB };
}

/** What older clients ask after each kind of job, before they fetch its result by the call of its own. */
function checkStatus({ jobs, parameters }: MetadataCall): Answer {
  const job = jobs.find(idIn(parameters, 'asyncProcessId'));
  return job === null ? { fault: NO_SUCH_JOB } : one(asyncResult(job));
}

/** A job that is done cannot be cancelled, and is told as done. */
function cancelDeploy({ jobs, caller, parameters }: MetadataCall): Answer {
  const id = idIn(parameters, 'id', 'String', 'asyncProcessId');
  if (jobs.find(id)?.kind !== 'deploy') return { fault: NO_SUCH_JOB };
  if (!jobs.cancel(caller, id)) return { fault: apiFault('INVALID_ID_FIELD', 'Deployment already completed') };
  return one({ done: 'true', id });
}

function retrieve({ jobs, caller, parameters, version }: MetadataCall): Answer {
  const [request] = [...elementsIn(parameters, 'request'), ...elementsIn(parameters, 'retrieveRequest')];
  if (request === undefined) return { fault: clientFault('Missing required element: request') };
  const manifest = readManifest(elementsIn(request, 'unpackaged')[0] ?? {});
  const unknown = [...manifest.types.keys()].find((type) => !isKnownType(type));
  if (unknown !== undefined) return { fault: apiFault('INVALID_TYPE', `Unknown type name '${unknown}'`) };
  const call: RetrieveCall = {
    types: [...manifest.types],
    version: manifest.version ?? version,
    singlePackage: textIn(request, 'singlePackage') === 'true',
  };
  return one(queuedResult(jobs.retrieve(caller, call)));
}

function checkRetrieveStatus({ org, jobs, parameters }: MetadataCall): Answer {
  const job = jobs.find(idIn(parameters, 'asyncProcessId'));
  if (job?.kind !== 'retrieve') return { fault: NO_SUCH_JOB };
  const components = org.metadata.components();
  const properties = job.files.flatMap(({ fileName, key }) => {
    const component = components.get(key);
    return component === undefined ? [] : [fileProperties(component, fileName, ownerNamer(org))];
  });
  return one(retrieveResult(job, properties, textIn(parameters, 'includeZip') !== 'false'));
}

/** Reports and dashboards are listed by folder, and folders by their own type. */
function listMetadata({ org, parameters }: MetadataCall): Answer {
  const components = [...org.metadata.components().values()];
  const nameOf = ownerNamer(org);
  const results = elementsIn(parameters, 'queries').flatMap((query) => {
    const type = textIn(query, 'type') ?? '';
    const folder = textIn(query, 'folder');
    return components
      .filter((each) => each.type === type && (folder === null || each.fullName.startsWith(`${folder}/`)))
      .map((each) => fileProperties(each, fileNameOf(each), nameOf));
  });
  const unknown = elementsIn(parameters, 'queries').find((query) => !isListable(textIn(query, 'type') ?? ''));
  return unknown === undefined ? { results } : { fault: apiFault('INVALID_TYPE', `Unknown type name '${textIn(unknown, 'type') ?? ''}'`) };
}

function isListable(type: string): boolean {
  return isKnownType(type) || [folderType('Report'), folderType('Dashboard')].includes(type);
}

function idIn(parameters: XmlElement, ...names: readonly string[]): string {
  const text = names.map((name) => textIn(parameters, name)).find((each) => each !== null) ?? '';
  return parseId(text) ?? text;
}

/** Who made what the org began with is the integration user. */
function ownerNamer(org: Org): (userId: string | null) => { readonly userId: string; readonly name: string } {
  return (userId) => {
    const [row] = org.store.select(
      'SELECT "Id", "Name" FROM "User" WHERE "Id" = ? OR "Alias" = ? ORDER BY "Id" = ? DESC',
      userId,
      'integration',
      userId,
    );
    return { userId: String(row?.['Id'] ?? userId ?? ''), name: String(row?.['Name'] ?? '') };
  };
}
