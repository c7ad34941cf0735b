import { setTimeout as sleep } from 'node:timers/promises';
import { CrmFailure } from '../../failures.ts';
import { asList, isObject, textOrNull, type JsonObject } from '../../answer-shape.ts';
import { Session, type SalesforceConfig } from '../session.ts';
import type { SessionShelf } from '../session-shelf.ts';
import { callMetadata } from './soap-call.ts';

export interface DeployOptions {
  /** Nothing is changed: the org only says whether it would take the package. */
  readonly checkOnly: boolean;
  /** Told whenever the org was asked how far it is. */
  readonly onProgress: (progress: DeployProgress) => void;
}

export interface DeployProgress {
  readonly status: string;
  readonly deployed: number;
  readonly failed: number;
  /** 0 before the org has read the package. */
  readonly total: number;
}

export interface DeployedComponent {
  readonly type: string;
  readonly fullName: string;
  readonly change: 'created' | 'changed' | 'deleted' | 'unchanged';
}

export interface ComponentProblem {
  readonly type: string;
  readonly fullName: string;
  readonly fileName: string;
  readonly line: number | null;
  /** Salesforce's own words. */
  readonly problem: string;
}

export interface DeployOutcome {
  readonly id: string;
  readonly isDeployed: boolean;
  readonly status: string;
  readonly components: readonly DeployedComponent[];
  readonly problems: readonly ComponentProblem[];
  /** Why the org did nothing with the package as a whole; null where components say it. */
  readonly error: string | null;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Deployments queue behind those of others in the org. */
const MOST_WAIT_MS = 30 * 60_000;

/**
 * Deploys `zip` into the org, all of it or nothing, and waits for the end. That the org does not answer while it is asked how far it is counts as not knowing:
 * it is asked again. Deploying the same again changes nothing, so that a deployment whose fate is not known may simply be repeated.
 *
 * Throws a `CrmFailure` where the org refuses the call or gives no answer in time.
 */
export async function deployPackage(
  config: SalesforceConfig,
  shelf: SessionShelf | null,
  zip: Uint8Array,
  options: DeployOptions,
): Promise<DeployOutcome> {
  const session = new Session(config, null, null, shelf);
  const started = await callMetadata(session, {
    operation: 'deploy',
    parameters: {
      ZipFile: Buffer.from(zip).toString('base64'),
      DeployOptions: {
        checkOnly: options.checkOnly,
        ignoreWarnings: true,
        performRetrieve: false,
        purgeOnDelete: false,
        rollbackOnError: true,
        singlePackage: true,
      },
    },
  });
  const id = textOrNull(started['id']);
  if (id === null) throw new CrmFailure('CRM_UNAVAILABLE', 'The answer to deploy names no deployment');
  const deadlineMs = Date.now() + MOST_WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    await sleep(pauseMs);
    const result = await askForStatus(session, id, Date.now() < deadlineMs);
    if (result === null) continue;
    options.onProgress(progressOf(result));
    if (result['done'] === 'true') return outcomeOf(id, result);
    if (Date.now() >= deadlineMs)
      throw new CrmFailure('CRM_UNAVAILABLE', `The deployment ${id} did not end within ${MOST_WAIT_MS / 60_000} minutes`);
  }
}

/** Null where the org did not answer, as long as `mayFail`. */
async function askForStatus(session: Session, id: string, mayFail: boolean): Promise<JsonObject | null> {
  try {
    return await callMetadata(session, { operation: 'checkDeployStatus', parameters: { asyncProcessId: id, includeDetails: true } });
  } catch (error) {
    if (mayFail && error instanceof CrmFailure && (error.code === 'CRM_UNAVAILABLE' || error.code === 'CRM_RATE_LIMITED')) return null;
    throw error;
  }
}

function progressOf(result: JsonObject): DeployProgress {
  const count = (name: string) => Number(textOrNull(result[name]) ?? 0);
  return {
    status: textOrNull(result['status']) ?? '',
    deployed: count('numberComponentsDeployed'),
    failed: count('numberComponentErrors'),
    total: count('numberComponentsTotal'),
  };
}

function outcomeOf(id: string, result: JsonObject): DeployOutcome {
  const details = isObject(result['details']) ? result['details'] : {};
  const messages = (name: string) => (details[name] === undefined ? [] : asList(details[name], 'checkDeployStatus'));
  const status = textOrNull(result['status']) ?? '';
  return {
    id,
    isDeployed: status === 'Succeeded',
    status,
    // The manifest is listed among the components, without a type.
    components: messages('componentSuccesses').flatMap((each) => (textOrNull(each['componentType']) ? [deployedOf(each)] : [])),
    problems: messages('componentFailures').map(problemOf),
    error: textOrNull(result['errorMessage']),
  };
}

function deployedOf(message: JsonObject): DeployedComponent {
  const is = (name: string) => message[name] === 'true';
  const change = is('deleted') ? 'deleted' : is('created') ? 'created' : is('changed') ? 'changed' : 'unchanged';
  return { type: textOrNull(message['componentType']) ?? '', fullName: textOrNull(message['fullName']) ?? '', change };
}

function problemOf(message: JsonObject): ComponentProblem {
  const line = Number(textOrNull(message['lineNumber']) ?? 0);
  return {
    type: textOrNull(message['componentType']) ?? '',
    fullName: textOrNull(message['fullName']) ?? '',
    fileName: textOrNull(message['fileName']) ?? '',
    line: line > 0 ? line : null,
    problem: textOrNull(message['problem']) ?? 'without a reason',
  };
}
