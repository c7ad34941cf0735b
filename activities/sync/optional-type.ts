import { CrmFailure } from '../../crm/failures.ts';
import type { CrmPort } from '../../crm/port.ts';
import { checkMapping, type MappingProblem } from '../../mappings/check-mapping.ts';
import { OPTIONAL_OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';
import { findLaneIssue, raiseIssue, resolveLaneIssues } from '../../store/sync-issue.ts';
import type { PullResult } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';

/** The CRM lacks what an optional record type needs; the other record types of the connection go on. */
export const TYPE_NOT_SET_UP = 'TYPE_NOT_SET_UP';

/** How long a CRM that lacks something is left alone, unless somebody retries the issue. */
const LOOK_AGAIN_MS = 10 * 60_000;

interface Look {
  readonly fits: boolean;
  readonly atMs: number;
}

/** What was found the last time, by connection: a worker looks once while all is well. */
const looks = new WeakMap<CrmPort, Map<ObjectType, Look>>();

/**
 * Why an optional record type cannot be moved on this connection; null where it can, and for every other type, which a worker checks at its start.
 *
 * What is missing is told in one issue about the type as a whole, and looked for again every ten minutes. Once somebody skipped that issue, nothing is told.
 */
export async function findObstacle(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: ObjectType,
): Promise<Pick<PullResult, 'state' | 'reason'> | null> {
  if (!OPTIONAL_OBJECT_TYPES.has(objectType)) return null;
  const { port } = connection;
  const known = looks.get(port)?.get(objectType);
  if (known?.fits === true) return null;
  const issue = await findLaneIssue(deps.db, name, objectType, TYPE_NOT_SET_UP);
  const isRecent = known !== undefined && Date.parse(deps.now()) - known.atMs < LOOK_AGAIN_MS;
  if (!isRecent || issue?.isDue === true) {
    const problems = await findProblems(connection, objectType);
    remember(port, objectType, { fits: problems.length === 0, atMs: Date.parse(deps.now()) });
    await deps.db.transaction().execute(async (trx) => {
      if (problems.length === 0) await resolveLaneIssues(trx, name, objectType, TYPE_NOT_SET_UP, deps.now());
      else if (issue?.status !== 'skipped')
        await raiseIssue(trx, deps.newId(), issueOf(name, connection, objectType, problems), deps.now());
    });
    if (problems.length === 0) return null;
  }
  return issue?.status === 'skipped'
    ? { state: 'paused', reason: `${connection.mapping[objectType].object} is not set up for it, and the issue was skipped` }
    : { state: 'parked', reason: 'CRM_FIELD_UNKNOWN' };
}

/** Runs `work`; where the CRM turns out to lack a field of an optional type after all, the next look says which. */
export async function whileFitting<T>({ port }: Connection, objectType: ObjectType, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') looks.get(port)?.delete(objectType);
    throw error;
  }
}

async function findProblems({ port, mapping }: Connection, objectType: ObjectType): Promise<readonly MappingProblem[]> {
  const mapped = mapping[objectType];
  try {
    return checkMapping(mapped, await port.describe(mapped.object));
  } catch (error) {
    if (!(error instanceof CrmFailure) || error.code !== 'CRM_FIELD_UNKNOWN') throw error;
    return [{ field: mapped.object, problem: 'does not exist, or the user may not see it', remedy: 'Deploy the shipped objects again.' }];
  }
}

function remember(port: CrmPort, objectType: ObjectType, look: Look): void {
  const known = looks.get(port) ?? new Map<ObjectType, Look>();
  looks.set(port, known.set(objectType, look));
}

function issueOf(connection: string, { mapping }: Connection, objectType: ObjectType, problems: readonly MappingProblem[]) {
  const { object } = mapping[objectType];
  return {
    connection,
    objectType,
    localId: null,
    remoteId: null,
    category: 'mapping',
    code: TYPE_NOT_SET_UP,
    message: `No ${objectType}s on this connection: ${problems.map(({ field, problem }) => `${object}.${field} ${problem}`).join('; ')}.`,
    remedy: [...new Set(problems.map(({ remedy }) => remedy))].join(' '),
  } as const;
}
