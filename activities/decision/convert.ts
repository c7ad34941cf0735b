import { certainOpportunity } from '../../program/conversion.ts';
import { registrationWorkflowId } from '../../program/messages.ts';
import type { Instant, IssueCategory } from '../../program/vocabulary.ts';
import { recordAudit } from '../../store/audit.ts';
import type { Transaction } from '../../store/database.ts';
import { readOpportunityLinks } from '../../store/opportunity-link.ts';
import { orderOpportunity, readOrders } from '../../store/opportunity-order.ts';
import { readPlaces } from '../../store/place.ts';
import { queuePush } from '../../store/push-queue.ts';
import { saveSyncNote, type Registration } from '../../store/registration.ts';
import { raiseIssue } from '../../store/sync-issue.ts';
import { findCustomerAccounts } from './customer-account.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { findDirectOpportunities } from './gather-direct.ts';
import { linkOpportunity } from './link-opportunity.ts';
import { pinnedProgram } from './pinned-program.ts';
import { placeCustomer } from './place-customer.ts';

export const OPPORTUNITY_NOT_CERTAIN = 'OPPORTUNITY_NOT_CERTAIN';
export const CUSTOMER_ACCOUNT_UNKNOWN = 'CUSTOMER_ACCOUNT_UNKNOWN';

/**
 * Links an approved registration to its opportunity, or has one made, as its program declares (`conversion`). Nothing is written to a CRM here: it is queued, and
 * sync carries it. One that is linked already, or waits for its opportunity to be made, is left alone, so it may be asked again and again.
 *
 * What is not certain is told on the record and as an issue, which is closed when somebody links it.
 */
export async function convertApproved(
  trx: Transaction,
  deps: ActivityDependencies,
  registration: Registration,
  at: Instant,
): Promise<void> {
  const program = pinnedProgram(deps, registration);
  const { registrationId } = registration;
  const { onApproval, resource } = program.conversion;
  if (onApproval === 'none' || registration.state.status !== 'approved') return;
  if ((await readOpportunityLinks(trx, [registrationId])).length > 0 || (await readOrders(trx, [registrationId])).length > 0) return;

  await placeCustomer(trx, deps, program, registration);
  const accounts = await findCustomerAccounts(trx, deps, program, registration);
  const certain = certainOpportunity(program, await findDirectOpportunities(trx, accounts), at);
  switch (certain.kind) {
    case 'one': {
      const { connection, remoteId } = certain.opportunity;
      // What was stale is the partner's from now on, whoever else is linked to it.
      const primary = certain.isStale && resource ? true : null;
      await linkOpportunity(trx, deps, registration, { connection, opportunity: remoteId, primary, by: 'program', at, from: 'command' });
      return;
    }
    case 'several': {
      const { connection } = certain.opportunities[0] ?? { connection: '' };
      const named = certain.opportunities.map((opportunity) => `${opportunity.connection} ${opportunity.remoteId}`).join(', ');
      await tell(trx, deps, registration, connection, at, {
        category: 'association',
        code: OPPORTUNITY_NOT_CERTAIN,
        message: `Several open opportunities stand at the customer: ${named}. Which of them is this deal is not for us to say.`,
        remedy: 'Link the right one, on the record or by `registration link`; the issue closes by itself.',
      });
      return;
    }
    case 'none':
      if (onApproval === 'link_or_create') await orderAtAccount(trx, deps, registration, at);
      return;
  }
}

/** Has an opportunity made at the customer's account, where it is known which one that is, and in which CRM. */
async function orderAtAccount(trx: Transaction, deps: ActivityDependencies, registration: Registration, at: Instant): Promise<void> {
  const { registrationId } = registration;
  const able = [...deps.connections].filter(([, { conversion }]) => conversion !== undefined).map(([name]) => name);
  const placed: string[] = [];
  for (const connection of able) {
    const place = (await readPlaces(trx, connection, [registrationId])).get(registrationId);
    if (place !== undefined && place.customerAccount !== null) placed.push(connection);
  }
  const [connection, ...others] = placed;
  if (connection !== undefined && others.length === 0) return orderFor(trx, registration, { connection, by: 'program', at });
  const [first] = able;
  if (first === undefined) return;
  await tell(trx, deps, registration, connection ?? first, at, {
    category: 'association',
    code: CUSTOMER_ACCOUNT_UNKNOWN,
    message:
      connection === undefined
        ? 'No opportunity was made: it is not certain which account is the customer.'
        : `No opportunity was made: the customer has an account in ${placed.join(' and ')}.`,
    remedy:
      'Choose the account on the record (Customer), or have the opportunity made in one of them by `registration create-opportunity`.',
  });
}

/** Queues the opportunity; the push of opportunities makes it, and looks again whether it is still wanted. */
export async function orderFor(
  trx: Transaction,
  { registrationId }: Pick<Registration, 'registrationId'>,
  { connection, by, at }: { readonly connection: string; readonly by: string; readonly at: Instant },
): Promise<void> {
  await orderOpportunity(trx, { registrationId, connection, askedAt: at, askedBy: by });
  await queuePush(trx, [connection], 'opportunity', [registrationId]);
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: 'opportunity ordered',
    actor: by,
    details: { connection },
    at,
  });
}

async function tell(
  trx: Transaction,
  deps: ActivityDependencies,
  { registrationId }: Registration,
  connection: string,
  at: Instant,
  issue: { readonly category: IssueCategory; readonly code: string; readonly message: string; readonly remedy: string },
): Promise<void> {
  await raiseIssue(trx, deps.newId(), { connection, objectType: 'opportunity', localId: registrationId, remoteId: null, ...issue }, at);
  await saveSyncNote(trx, registrationId, issue.message, at);
  await queuePush(trx, [...deps.connections.keys()], 'registration', [registrationId]);
  await recordAudit(trx, {
    subject: registrationWorkflowId(registrationId),
    kind: 'not converted',
    actor: 'program',
    details: { code: issue.code },
    at,
  });
}
