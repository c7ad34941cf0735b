import { CrmFailure, type CrmFailureCode } from '../../crm/failures.ts';
import type { CrmPort } from '../../crm/port.ts';
import { checkMapping, deniedObject, missingObject, type MappingProblem } from '../../mappings/check-mapping.ts';
import { withDeclaredValues } from '../../mappings/declared-value.ts';
import { OPTIONAL_OBJECT_TYPES, type ObjectType } from '../../program/vocabulary.ts';
import { queueUnwritten } from '../../store/push-queue.ts';
import { findLaneIssue, raiseIssue, resolveLaneIssues } from '../../store/sync-issue.ts';
import type { PullResult } from '../contract.ts';
import type { ActivityDependencies, Connection } from '../decision/dependencies.ts';

/** The CRM lacks what a record type needs; the other record types of the connection go on. */
export const TYPE_NOT_SET_UP = 'TYPE_NOT_SET_UP';
/** Some fields of a record type are not as they have to be; they are left out where they have to be, and everything else goes on. */
export const FIELDS_DO_NOT_FIT = 'FIELDS_DO_NOT_FIT';

/** How long a CRM that lacks something is left alone, unless somebody retries the issue. */
const LOOK_AGAIN_MS = 10 * 60_000;

/** Refusals that end with the right that was missing. */
const OF_A_RIGHT = ['CRM_CREATE_DENIED', 'CRM_PERMISSION_DENIED'] as const satisfies readonly CrmFailureCode[];

const CODES = [TYPE_NOT_SET_UP, FIELDS_DO_NOT_FIT] as const;

type LaneIssueState = NonNullable<Awaited<ReturnType<typeof findLaneIssue>>>;

interface Look {
  readonly problems: readonly MappingProblem[];
  readonly atMs: number;
}

/** What was found the last time, by connection: a worker looks once while all is well. */
const looks = new WeakMap<CrmPort, Map<ObjectType, Look>>();

/**
 * Why a record type cannot be moved on this connection; null where it can. Of an optional type everything has to be there, of the others what no record can do without.
 *
 * What is missing is told in an issue about the type as a whole, and looked for again every ten minutes, or when somebody retries the issue. Once somebody skipped it,
 * nothing is told. When all fits again, the records of which a field stayed behind are written anew.
 */
export async function findObstacle(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: ObjectType,
): Promise<Pick<PullResult, 'state' | 'reason'> | null> {
  const { port, mapping } = connection;
  const known = looks.get(port)?.get(objectType);
  if (known?.problems.length === 0) return null;
  const told = new Map<string, LaneIssueState | null>();
  for (const code of CODES) told.set(code, await findLaneIssue(deps.db, name, objectType, code));
  const isRecent = known !== undefined && Date.parse(deps.now()) - known.atMs < LOOK_AGAIN_MS;
  const isAsked = [...told.values()].some((issue) => issue?.isDue === true);
  const problems = isRecent && !isAsked ? known.problems : await lookAgain(deps, name, connection, objectType, told);
  if (!problems.some((problem) => codeOf(objectType, problem) === TYPE_NOT_SET_UP)) return null;
  return told.get(TYPE_NOT_SET_UP)?.status === 'skipped'
    ? { state: 'paused', reason: `${mapping[objectType].object} is not set up for it, and the issue was skipped` }
    : { state: 'parked', reason: 'CRM_FIELD_UNKNOWN' };
}

async function lookAgain(
  deps: ActivityDependencies,
  name: string,
  connection: Connection,
  objectType: ObjectType,
  told: ReadonlyMap<string, LaneIssueState | null>,
): Promise<readonly MappingProblem[]> {
  const problems = await findProblems(deps, connection, objectType);
  remember(connection.port, objectType, { problems, atMs: Date.parse(deps.now()) });
  await deps.db.transaction().execute(async (trx) => {
    for (const code of CODES) {
      const some = problems.filter((problem) => codeOf(objectType, problem) === code);
      if (some.length === 0) await resolveLaneIssues(trx, name, objectType, code, deps.now());
      else if (told.get(code)?.status !== 'skipped')
        await raiseIssue(trx, deps.newId(), issueOf(name, connection, objectType, code, some), deps.now());
    }
    if (problems.length === 0 && told.get(FIELDS_DO_NOT_FIT) != null) await queueUnwritten(trx, name, objectType, OF_A_RIGHT);
  });
  return problems;
}

function codeOf(objectType: ObjectType, { hinders }: MappingProblem): (typeof CODES)[number] {
  return hinders === 'type' || OPTIONAL_OBJECT_TYPES.has(objectType) ? TYPE_NOT_SET_UP : FIELDS_DO_NOT_FIT;
}

const OF_THE_SET_UP: ReadonlySet<CrmFailureCode> = new Set(['CRM_FIELD_UNKNOWN', 'CRM_PERMISSION_DENIED']);

/** Runs `work`; where the CRM turns out to lack a field or a right after all, the next look says which. */
export async function whileFitting<T>({ port }: Connection, objectType: ObjectType, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CrmFailure && OF_THE_SET_UP.has(error.code)) looks.get(port)?.delete(objectType);
    throw error;
  }
}

async function findProblems(
  { programs }: ActivityDependencies,
  { port, mapping }: Connection,
  objectType: ObjectType,
): Promise<readonly MappingProblem[]> {
  const mapped = withDeclaredValues(mapping[objectType], programs.current());
  try {
    return checkMapping(mapped, await port.describe(mapped.object));
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_FIELD_UNKNOWN') return [missingObject(mapped)];
    if (error instanceof CrmFailure && error.code === 'CRM_PERMISSION_DENIED') return [deniedObject(mapped, error.message)];
    throw error;
  }
}

function remember(port: CrmPort, objectType: ObjectType, look: Look): void {
  const known = looks.get(port) ?? new Map<ObjectType, Look>();
  looks.set(port, known.set(objectType, look));
}

function issueOf(
  connection: string,
  { mapping }: Connection,
  objectType: ObjectType,
  code: (typeof CODES)[number],
  problems: readonly MappingProblem[],
) {
  const { object } = mapping[objectType];
  const isRight = problems.some(({ category }) => category === 'permission');
  const some = isRight ? 'not everything' : 'some fields';
  const what =
    code === TYPE_NOT_SET_UP ? `No ${objectType}s on this connection` : `Of ${objectType}s ${some} can${isRight ? '' : 'not'} be written`;
  return {
    connection,
    objectType,
    localId: null,
    remoteId: null,
    category: problems.every(({ category }) => category === 'permission') ? 'permission' : 'mapping',
    code,
    message: `${what}: ${problems.map(({ field, problem }) => (field === object ? `${object} ${problem}` : `${object}.${field} ${problem}`)).join('; ')}.`,
    remedy: [...new Set(problems.map(({ remedy }) => remedy))].join(' '),
  } as const;
}
