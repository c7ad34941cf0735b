import { customerKeys, normalizeCountry, normalizePostalCode, withoutDomainOf, type CustomerKey } from '../program/customer-key.ts';
import { customerNameForms, normalizeCustomerName } from '../program/customer-name.ts';
import type { CustomerDetails } from '../program/claim.ts';
import { registrationWorkflowId } from '../program/messages.ts';
import { SUBMITTED } from '../program/registration-life.ts';
import type { Instant } from '../program/vocabulary.ts';
import { recordAudit } from './audit.ts';
import { ensureCustomer, withCustomerLocks, type CustomerKeyValue } from './customer.ts';
import type { Database, Transaction } from './database.ts';
import { enqueue } from './outbox.ts';
import { readPartners } from './partner.ts';
import { queuePush } from './push-queue.ts';
import { findByExternalId, insertRegistration, type ClaimFields, type Registration } from './registration.ts';

/** A claim as it comes in, checked and complete. */
export interface NewClaim extends ClaimFields {
  readonly registrationId: string;
  readonly externalId: string;
  readonly partnerId: string;
  readonly origin: string;
  readonly submittedBy?: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null };
  readonly description: string;
  readonly evidence: readonly unknown[];
  readonly programVersion: string;
  /** Of everything the partner sent: what makes a repetition of the same claim recognisable. */
  readonly contentDigest: string;
}

export interface ReceiptSettings {
  readonly connections: readonly string[];
  readonly freeMailDomains: ReadonlySet<string>;
  readonly newId: () => string;
  readonly now: () => Instant;
}

/**
 * Keeps a claim: row, outbox entry and push marks in one transaction, so that what was acknowledged is decided and synced whatever crashes next.
 *
 * It happens under the customer's locks, so receipts on one customer are numbered in the order in which they are committed.
 * `known`: the partner registered this external id before, with this content or another; nothing is stored.
 * `alsoStore` runs in the same transaction.
 */
export async function storeReceipt(
  db: Database,
  claim: NewClaim,
  settings: ReceiptSettings,
  alsoStore: (trx: Transaction, registration: Registration) => Promise<void> = async () => undefined,
): Promise<{ readonly kind: 'received' | 'known'; readonly registration: Registration }> {
  return withCustomerLocks(db, lockKeys(claim.customer, settings.freeMailDomains), async (trx) => {
    const known = await findByExternalId(trx, claim.partnerId, claim.externalId);
    if (known !== null) return { kind: 'known', registration: known };
    const now = settings.now();
    const { customerId } = await ensureCustomer(
      trx,
      settings.newId(),
      claim.customer.name,
      await statedKeys(trx, claim.partnerId, claim.customer, settings.freeMailDomains),
      now,
    );
    const registration = await insertRegistration(trx, {
      ...claim,
      submittedBy: claim.submittedBy ?? null,
      customerId,
      customerNameKey: normalizeCustomerName(claim.customer.name),
      submittedAt: now,
      state: SUBMITTED,
    });
    const subject = registrationWorkflowId(registration.registrationId);
    await enqueue(trx, subject, { kind: 'start_registration', payload: {} });
    await queuePush(trx, settings.connections, 'registration', [registration.registrationId]);
    const { sequence, partnerId, programVersion, contentDigest } = registration;
    const details = { sequence, partnerId, programVersion, contentDigest };
    await recordAudit(trx, { subject, kind: 'received', actor: claim.origin, details, at: now });
    await alsoStore(trx, registration);
    return { kind: 'received', registration };
  });
}

/** Everything by which another claim on this customer may be recognised: what is locked before a receipt or a verdict. */
export function lockKeys(customer: CustomerDetails, freeMailDomains: ReadonlySet<string>): readonly CustomerKeyValue[] {
  return [...customerKeys(customer, freeMailDomains), ...placedName(customer)];
}

/**
 * The keys that make two records one customer. A name alone never does; where there is neither domain nor company number, name and postal code together do.
 */
export function identityKeys(customer: CustomerDetails, freeMailDomains: ReadonlySet<string>): readonly CustomerKeyValue[] {
  const strong: readonly CustomerKey[] = customerKeys(customer, freeMailDomains).filter((key) => key.kind !== 'name');
  return strong.length > 0 ? strong : placedName(customer);
}

/** The identity keys of a customer as this partner stated it: the partner's own domain is none of them. */
export async function statedKeys(
  db: Database | Transaction,
  partnerId: string,
  customer: CustomerDetails,
  freeMailDomains: ReadonlySet<string>,
): Promise<readonly CustomerKeyValue[]> {
  const [partner] = await readPartners(db, [partnerId]);
  return identityKeys(partner === undefined ? customer : withoutDomainOf(partner, customer), freeMailDomains);
}

function placedName(customer: CustomerDetails): readonly CustomerKeyValue[] {
  const country = normalizeCountry(customer.country);
  const postalCode = country === null ? null : normalizePostalCode(customer.postalCode, country);
  if (postalCode === null) return [];
  return customerNameForms(customer.name).map((form) => ({ kind: 'placed_name', value: `${country}:${postalCode}:${form}` }));
}
