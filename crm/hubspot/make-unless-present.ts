import { CrmFailure } from '../failures.ts';
import { callApi, type ApiCall } from './call.ts';
import type { Session } from './session.ts';

/** Names of what was made and of what was there: `companies.partner_id`, `deals pipeline: Deal registration`, `deal_registration → companies: Partner`. */
export interface ProvisionReport {
  readonly created: readonly string[];
  readonly present: readonly string[];
}

export interface MutableReport extends ProvisionReport {
  readonly created: string[];
  readonly present: string[];
  /** Nothing is made: `created` is what would be. */
  readonly isCheck: boolean;
}

/** Makes it unless it is there, and reports it under the name `what`; false where it was there. A check makes nothing, and says what it would. */
export async function makeUnlessPresent(
  session: Session,
  report: MutableReport,
  what: string,
  isPresent: () => Promise<boolean>,
  call: ApiCall,
): Promise<boolean> {
  const isMade = !(await isPresent()) && (report.isCheck || (await callUnlessPresent(session, call)));
  (isMade ? report.created : report.present).push(what);
  return isMade;
}

/** False where it has been made meanwhile, by somebody else or by a call whose answer was lost. */
export async function callUnlessPresent(session: Session, call: ApiCall): Promise<boolean> {
  try {
    await callApi(session, call);
    return true;
  } catch (error) {
    if (error instanceof CrmFailure && error.code === 'CRM_DUPLICATE') return false;
    throw error;
  }
}
