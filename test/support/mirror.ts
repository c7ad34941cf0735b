import type { Connection } from '../../activities/decision/dependencies.ts';
import type { CrmPort } from '../../crm/port.ts';
import { salesforceMapping } from '../../mappings/salesforce/mapping.ts';
import { saveAccounts, saveOpportunities } from '../../store/crm-mirror.ts';
import type { Database } from '../../store/database.ts';
import { savePlace } from '../../store/place.ts';
import type { CrmAccountTable, CrmOpportunityTable } from '../../store/schema.ts';
import { later, MONDAY } from './decision-stage.ts';

/** What the mirror knows of one CRM, for tests that read it and never ask the CRM itself. */

export const ACCOUNT = '001000000000001AAA';
export const OPPORTUNITY = '006000000000001AAA';

const DAY_MS = 24 * 60 * 60 * 1000;
const COMMON = { connection: 'salesforce', stamp: MONDAY, deleted: false, refreshed_at: MONDAY } as const;

/** An account that certainly is the ordinary customer, unless said otherwise. */
export async function mirrorAccount(db: Database, changes: Partial<CrmAccountTable> = {}): Promise<void> {
  const account: CrmAccountTable = {
    ...COMMON,
    remote_id: ACCOUNT,
    name: 'Northwind',
    name_key: 'northwind',
    domain: 'northwind.com',
    country: 'US',
    postal_code: null,
    company_number: null,
    last_activity_at: null,
    owner_remote_id: null,
    parent_remote_id: null,
    merged_into: null,
    ...changes,
  };
  await db.transaction().execute((trx) => saveAccounts(trx, [account]));
}

/** An open opportunity in the first stage at that account, older than any claim. `owner`: the alias of a user that the mirror knows. */
export async function mirrorOpportunity(
  db: Database,
  { owner, ...changes }: Partial<CrmOpportunityTable> & { readonly owner?: string } = {},
): Promise<void> {
  const opportunity: CrmOpportunityTable = {
    ...COMMON,
    remote_id: OPPORTUNITY,
    account_remote_id: ACCOUNT,
    name: 'a direct deal',
    stage_name: 'Prospecting',
    stage_index: 0,
    is_closed: false,
    is_won: false,
    amount: null,
    owner_remote_id: owner === undefined ? null : `005-${owner}`,
    created_at: later(MONDAY, -DAY_MS),
    last_activity_at: later(MONDAY, -DAY_MS),
    close_date: null,
    ...changes,
  };
  await db.transaction().execute((trx) => saveOpportunities(trx, [opportunity]));
}

/** What a rep links a registration to. */
export async function linkOpportunity(db: Database, registrationId: string, opportunity: string = OPPORTUNITY): Promise<void> {
  const place = { registrationId, connection: 'salesforce', customerAccount: null, opportunity };
  await db.transaction().execute((trx) => savePlace(trx, place));
}

/** A CRM of which nothing is to be asked. */
export function silentConnection(): Connection {
  const unexpected = async (): Promise<never> => {
    throw new Error('nothing was to be asked of the CRM');
  };
  const port: CrmPort = {
    connection: 'salesforce',
    writeBatchSize: 200,
    describe: async (name) => ({ name, fields: [] }),
    capture: unexpected,
    read: unexpected,
    find: unexpected,
    history: unexpected,
    write: unexpected,
    restore: unexpected,
    usage: () => null,
    clockOffsetMs: () => 0,
  };
  return { port, mapping: salesforceMapping };
}
