import { sql } from 'kysely';
import { NO_FACTS, type CustomerDetails, type Proof } from '../program/claim.ts';
import { nameBands } from '../program/name-similarity.ts';
import type { Instant, RegistrationKind, RegistrationStatus } from '../program/vocabulary.ts';
import type { Database, Transaction } from './database.ts';
import { CANDIDATES, sharedBands, tellingBands } from './name-band.ts';

export interface RivalCandidate {
  readonly registrationId: string;
  readonly sequence: number;
  readonly partnerId: string;
  readonly partnerName: string;
  readonly partnerDomain: string | null;
  readonly customerId: string;
  readonly status: RegistrationStatus;
  readonly productLines: readonly string[];
  readonly kind: RegistrationKind;
  readonly submittedAt: Instant;
  readonly endedAt: Instant | null;
  readonly site: string | null;
  readonly proofs: readonly Proof[];
  readonly customer: CustomerDetails;
  readonly customerNameKey: string;
  /** Found by its customer, its place or the very name, and not only because names are alike. */
  readonly sharesKey: boolean;
}

const STANDING: readonly RegistrationStatus[] = ['submitted', 'in_review', 'returned', 'approved'];

/**
 * Other claims that may be on the same customer: of one of `customerIds`, among `registrationIds`, or with a name of `names` or one much like it.
 * Those that stand; with `endedSince`, also those that ended at that instant or later; with `wonSince` those that were won then or later.
 */
export async function findRivalCandidates(
  trx: Database | Transaction,
  registrationId: string,
  among: { readonly customerIds: readonly string[]; readonly registrationIds: readonly string[]; readonly names: readonly string[] },
  ended: { readonly since: Instant | null; readonly wonSince: Instant | null } = { since: null, wonSince: null },
): Promise<readonly RivalCandidate[]> {
  // Of a name with several forms the first is searched for; the others are looked up as they are.
  const bands = nameBands(among.names[0] ?? '');
  const telling = await tellingBands(trx, 'registration', bands);
  const { wonSince } = ended;
  const byKey = sql<boolean>`customer_id = any(${among.customerIds}::uuid[]) or registration.id = any(${among.registrationIds}::uuid[])
    or customer_name_key = any(${among.names}::text[])`;
  const rows = await trx
    .selectFrom('registration')
    .innerJoin('partner', 'partner.id', 'registration.partner_id')
    .select([
      'registration.id',
      'sequence',
      'partner_id',
      'partner.name as partner_name',
      'partner.domain as partner_domain',
      'customer_id',
      'registration.status',
      'product_lines',
      'registration.kind',
      'submitted_at',
      'ended_at',
      'facts',
      'customer_name',
      'customer_name_key',
      'customer_domain',
      'customer_country',
      'customer_postal_code',
      'customer_company_number',
      byKey.as('shares_key'),
    ])
    .where('registration.id', '!=', registrationId)
    .where((where) =>
      where.or([
        where('registration.status', 'in', STANDING),
        ...(ended.since === null ? [] : [where('ended_at', '>=', ended.since)]),
        ...(wonSince === null ? [] : [where.and([where('registration.status', '=', 'won'), where('ended_at', '>=', wonSince)])]),
      ]),
    )
    .where((where) =>
      where.or([
        sql<boolean>`customer_id = any(${among.customerIds}::uuid[])`,
        sql<boolean>`registration.id = any(${among.registrationIds}::uuid[])`,
        sql<boolean>`customer_name_key = any(${among.names}::text[])`,
        ...(telling.length === 0 ? [] : [sql<boolean>`customer_name_bands && ${telling}::int[]`]),
      ]),
    )
    // Who shares a key comes first, whatever the name: it must not be cut off.
    .orderBy(sql`customer_id = any(${among.customerIds}::uuid[]) or registration.id = any(${among.registrationIds}::uuid[])`, 'desc')
    .orderBy(sql`customer_name_key = any(${among.names}::text[])`, 'desc')
    .orderBy(sharedBands(sql`customer_name_bands`, bands), 'desc')
    .orderBy('sequence')
    .limit(CANDIDATES)
    .execute();
  return rows.map((row) => ({
    registrationId: row.id,
    sequence: Number(row.sequence),
    partnerId: row.partner_id,
    partnerName: row.partner_name,
    partnerDomain: row.partner_domain,
    customerId: row.customer_id,
    status: row.status as RegistrationStatus,
    productLines: row.product_lines,
    kind: row.kind,
    submittedAt: row.submitted_at,
    endedAt: row.ended_at,
    site: row.facts.site ?? NO_FACTS.site,
    proofs: row.facts.proofs ?? NO_FACTS.proofs,
    customer: {
      name: row.customer_name,
      domain: row.customer_domain,
      country: row.customer_country,
      postalCode: row.customer_postal_code,
      companyNumber: row.customer_company_number,
    },
    customerNameKey: row.customer_name_key,
    sharesKey: row.shares_key,
  }));
}
