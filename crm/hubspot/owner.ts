import { asList, asObject, isObject, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmFailure } from '../failures.ts';
import type { CapturePage, CaptureRequest, RemoteFieldDefinition, RemoteObjectDefinition, RemoteRow, RemoteValue } from '../port.ts';
import { callApi } from './call.ts';
import { instantOf, OWNERS } from './object-property.ts';
import { byPosition, isBeyond } from './position.ts';
import type { OwnerDirectory } from './owner-directory.ts';
import type { Session } from './session.ts';

const MOST_OWNERS = 500;

const FIELDS: readonly (readonly [name: string, type: RemoteFieldDefinition['type']])[] = [
  ['email', 'text'],
  ['firstName', 'text'],
  ['lastName', 'text'],
  ['name', 'text'],
  ['userId', 'text'],
  ['isActive', 'boolean'],
];

/** Owners are no object of the CRM, and have no properties API; they are shown as one. */
export const OWNER_DEFINITION: RemoteObjectDefinition = {
  name: OWNERS,
  fields: FIELDS.map(([name, type]) => ({
    name,
    type,
    maxLength: null,
    createable: false,
    updateable: false,
    required: false,
    unique: name === 'userId',
    externalId: false,
    values: null,
    restricted: false,
    referenceTo: [],
  })),
};

/** All owners, those who have left included, in the order (stamp, id). `isActive` is false for who has left, and nobody is ever `deleted`. */
async function readOwners(
  session: Session,
  fields: readonly string[],
): Promise<{ readonly rows: readonly RemoteRow[]; readonly serverTimeMs: number }> {
  const rows: RemoteRow[] = [];
  let serverTimeMs = session.nowMs();
  for (const isArchived of [false, true]) {
    let after: string | null = null;
    do {
      const from: string | null = after;
      const answer = await callApi(session, {
        operation: 'owners',
        isRepeatable: true,
        send: (client) => client.owners().getPageWithHttpInfo(undefined, from ?? undefined, MOST_OWNERS, isArchived),
      });
      const body = asObject(answer.body, 'owners');
      rows.push(...asList(body['results'], 'owners').map((owner) => rowOf(owner, fields)));
      serverTimeMs = answer.serverTimeMs;
      const next = isObject(body['paging']) && isObject(body['paging']['next']) ? body['paging']['next'] : {};
      after = textOrNull(next['after']);
    } while (after !== null);
  }
  return { rows: rows.toSorted(byPosition), serverTimeMs };
}

export async function captureOwners(session: Session, request: CaptureRequest): Promise<CapturePage> {
  const { rows, serverTimeMs } = await readOwners(session, request.fields);
  const beyond = rows.filter((row) => isBeyond(row, request.after));
  return { rows: beyond.slice(0, request.limit), drained: beyond.length < request.limit, serverTimeMs };
}

/** Rows of owners that `isWanted`. */
export async function selectOwners(
  session: Session,
  fields: readonly string[],
  isWanted: (row: RemoteRow) => boolean,
): Promise<readonly RemoteRow[]> {
  return (await readOwners(session, fields)).rows.filter(isWanted);
}

/** Who the users of `userIds` are among the owners; asked once, and again for a user that is not known. Without the scope for owners nobody is known. */
export async function ownerDirectory(session: Session, userIds: ReadonlySet<string>): Promise<OwnerDirectory> {
  if (userIds.size === 0) return { ownerIdByUserId: new Map() };
  const held = await session.owners;
  if (held !== null && [...userIds].every((id) => held.ownerIdByUserId.has(id))) return held;
  session.owners = readOwners(session, ['userId']).then(
    ({ rows }) => ({ ownerIdByUserId: new Map([...[...userIds].map(strangerOf), ...rows.map(pairOf)]) }),
    (error: unknown) => {
      session.owners = null;
      if (error instanceof CrmFailure && error.code === 'CRM_PERMISSION_DENIED') return { ownerIdByUserId: new Map() };
      throw error;
    },
  );
  return session.owners;
}

/** A user who is no owner. */
function strangerOf(userId: string): readonly [string, string] {
  return [userId, `user:${userId}`];
}

function pairOf(row: RemoteRow): readonly [string, string] {
  return [String(row.fields['userId']), row.id];
}

function rowOf(owner: JsonObject, fields: readonly string[]): RemoteRow {
  const id = textOrNull(owner['id']);
  const stamp = instantOf(owner['updatedAt']);
  if (id === null || stamp === null) throw new CrmFailure('CRM_UNAVAILABLE', 'An owner of the answer has no id or no updatedAt');
  const userId = owner['userId'] ?? owner['userIdIncludingInactive'];
  const [firstName, lastName] = [textOrNull(owner['firstName']) ?? '', textOrNull(owner['lastName']) ?? ''];
  const values: Readonly<Record<string, RemoteValue>> = {
    email: textOrNull(owner['email']),
    firstName,
    lastName,
    name: `${firstName} ${lastName}`.trim() || null,
    userId: typeof userId === 'number' || typeof userId === 'string' ? String(userId) : null,
    isActive: owner['archived'] !== true,
  };
  return {
    id,
    stamp,
    deleted: false,
    mergedInto: null,
    createdBy: null,
    modifiedBy: null,
    fields: Object.fromEntries(fields.flatMap((name) => (name in values ? [[name, values[name] ?? null] as const] : []))),
  };
}
