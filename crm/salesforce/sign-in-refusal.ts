import { CrmFailure } from '../failures.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { classifyAnswer, readComplaint } from './classify-failure.ts';

/**
 * What to do about a refusal of the token endpoint, by its `error` and a part of its description; the first that fits.
 * https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_flow_errors.htm
 */
const REMEDIES: readonly (readonly [error: string, description: RegExp, remedy: string])[] = [
  ['invalid_client_id', /./, 'Compare the client id with the consumer key of the app in this org'],
  ['invalid_client', /./, 'Compare the client secret with the consumer secret of the app'],
  ['invalid_grant', /no client credentials user/, 'Name a run-as user in the client credentials flow of the app'],
  ['invalid_grant', /no valid scopes/, 'Give the app the scope api'],
  ['invalid_grant', /audience/, 'The audience is https://login.salesforce.com, or https://test.salesforce.com for a sandbox org'],
  ['invalid_grant', /invalid assertion/, 'Upload the certificate of the private key to the app'],
  ['invalid_grant', /expired authorization code/, 'Set the clock of this machine'],
  ['invalid_grant', /approved this consumer/, 'Check the username, and pre-authorize the user for the app'],
  ['invalid_grant', /access\/refresh token/, 'Authorize the app again and give the connection its new refresh token'],
  ['invalid_app_access', /./, 'Give the user a permission set or a profile that is approved for the app'],
  ['inactive_user', /./, 'Activate the user, or sign in as another'],
];

/**
 * The failure of a sign-in that the token endpoint answered with an error status. It says no with 400 and `{error, error_description}`; only an endpoint
 * that is down or busy is worth another try. `secrets` never stand in the message, whatever the endpoint, or a proxy before it, repeats.
 */
export function refusedSignIn(status: number, body: string, retryAfter: string | undefined, secrets: readonly string[]): CrmFailure {
  const failure = classifyAnswer(status, body, retryAfter);
  const code = failure.code === 'CRM_UNAVAILABLE' || failure.code === 'CRM_RATE_LIMITED' ? failure.code : 'CRM_AUTH_FAILED';
  const message = code === 'CRM_AUTH_FAILED' ? tellRefusal(status, body) : failure.message;
  const { retryAfterMs } = failure;
  return new CrmFailure(code, withoutSecrets(message, secrets), retryAfterMs === null ? {} : { retryAfterMs });
}

function tellRefusal(status: number, body: string): string {
  const complaint = readComplaint(body);
  if (complaint === null) return `The sign-in was refused with HTTP ${status}`;
  const remedy = REMEDIES.find(([error, description]) => error === complaint.code && description.test(complaint.message))?.[2];
  return `${complaint.code}: ${complaint.message}${remedy === undefined ? '' : `. ${remedy}`}`;
}
