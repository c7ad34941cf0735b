import type { CrmAccess } from '../port.ts';
import { asObject, isObject, textOrNull } from '../answer-shape.ts';
import { callApi } from './call.ts';
import type { Session } from './session.ts';

/** What a connection lives on: calls, changes in bulk, and room for records. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm */
const ALLOWANCES = ['DailyApiRequests', 'DailyBulkV2QueryJobs', 'DataStorageMB'];

/**
 * Two calls: what is left of the org's limits, and who the session belongs to. In this order: the limits answer a session that has ended with 401, which renews it;
 * userinfo answers 403.
 */
export async function access(session: Session): Promise<CrmAccess> {
  const limits = asObject((await callApi(session, { operation: 'limits', method: 'GET', path: '/limits' })).body, 'limits');
  const who = asObject(
    (await callApi(session, { operation: 'user_info', method: 'GET', path: '/services/oauth2/userinfo' })).body,
    'userinfo',
  );
  return {
    username: textOrNull(who['preferred_username']) ?? '',
    organization: textOrNull(who['organization_id']) ?? '',
    allowances: ALLOWANCES.flatMap((name) => {
      const limit = limits[name];
      const [max, remaining] = isObject(limit) ? [limit['Max'], limit['Remaining']] : [];
      return typeof max === 'number' && typeof remaining === 'number' ? [{ name, max, remaining }] : [];
    }),
  };
}
