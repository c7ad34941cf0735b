import { CrmFailure } from '../failures.ts';
import { asObject, textOrNull } from '../answer-shape.ts';
import { callApi } from './call.ts';
import { runQuery } from './run-query.ts';
import { Session, type SalesforceConfig } from './session.ts';
import type { SessionShelf } from './session-shelf.ts';
import { quoteText } from './soql-literal.ts';

export type AssignmentOutcome =
  | { readonly kind: 'assigned' | 'present'; readonly username: string }
  /** `problem` is said of the user or the permission set, or in the org's words. */
  | { readonly kind: 'refused'; readonly username: string; readonly problem: string };

/** What an org answers whose user may not see or give permission sets. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(['CRM_PERMISSION_DENIED', 'CRM_CREATE_DENIED', 'CRM_FIELD_UNKNOWN', 'CRM_VALUE_INVALID']);

/**
 * Gives the permission set `name` to the user `username`, or to the one that the connection signs in as where that is null. To do it again changes nothing.
 *
 * A deployment gives nobody access to what it brings. The user that is signed in needs _View Setup and Configuration_ and _Assign Permission Sets_.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_permissionsetassignment.htm
 *
 * Throws a `CrmFailure` where the org cannot be asked at all.
 */
export async function assignPermissionSet(
  config: SalesforceConfig,
  shelf: SessionShelf | null,
  name: string,
  username: string | null,
): Promise<AssignmentOutcome> {
  const session = new Session(config, null, null, shelf);
  const user = await findUser(session, username);
  if (user.id === null) return { kind: 'refused', username: user.username, problem: 'the org has no active user of that name' };
  try {
    const setId = await idOf(session, `SELECT Id FROM PermissionSet WHERE Name = ${quoteText(name)}`);
    if (setId === null) return { kind: 'refused', username: user.username, problem: `the org has no permission set ${name}` };
    const held = `SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = ${quoteText(setId)} AND AssigneeId = ${quoteText(user.id)}`;
    if ((await idOf(session, held)) !== null) return { kind: 'present', username: user.username };
    await callApi(session, {
      operation: 'assign_permission_set',
      method: 'POST',
      path: '/sobjects/PermissionSetAssignment',
      body: { PermissionSetId: setId, AssigneeId: user.id },
    });
    return { kind: 'assigned', username: user.username };
  } catch (error) {
    if (!(error instanceof CrmFailure)) throw error;
    // Somebody else may have given it in between, and so may a call whose answer was lost.
    if (error.code === 'CRM_DUPLICATE') return { kind: 'present', username: user.username };
    if (!NOT_ALLOWED.has(error.code)) throw error;
    return { kind: 'refused', username: user.username, problem: error.message.trim().split('\n').at(-1) ?? error.code };
  }
}

async function findUser(session: Session, username: string | null): Promise<{ readonly id: string | null; readonly username: string }> {
  if (username !== null) {
    const soql = `SELECT Id FROM User WHERE Username = ${quoteText(username)} AND IsActive = true`;
    return { id: await idOf(session, soql), username };
  }
  // The limits answer a session that has ended with 401, which renews it; userinfo answers 403.
  await callApi(session, { operation: 'limits', method: 'GET', path: '/limits' });
  const who = asObject(
    (await callApi(session, { operation: 'user_info', method: 'GET', path: '/services/oauth2/userinfo' })).body,
    'userinfo',
  );
  return { id: textOrNull(who['user_id']), username: textOrNull(who['preferred_username']) ?? '' };
}

async function idOf(session: Session, soql: string): Promise<string | null> {
  const { records } = await runQuery(session, { operation: 'permission_set', soql, includeDeleted: false });
  return textOrNull(records[0]?.['Id']);
}
