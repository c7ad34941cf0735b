import { spellMoments } from '../../program/short-moment.ts';
import type { Transaction } from '../../store/database.ts';
import { readPartners } from '../../store/partner.ts';
import { readRegistrations } from '../../store/registration.ts';

const ID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;

/**
 * What the program found, in words for insiders: registrations by the numbers that their partners gave them, partners by name, moments as people read them.
 *
 * A conflict is looked at in the CRM, where nobody knows our ids. Partners never read it; they have words of their own (`partnerSummary`).
 */
export async function summaryInWords(trx: Transaction, summary: string): Promise<string> {
  const ids = [...new Set(summary.match(ID) ?? [])];
  const registrations = await readRegistrations(trx, ids);
  const partners = await readPartners(trx, ids);
  const names = new Map([
    ...registrations.map(({ registrationId, externalId }) => [registrationId, externalId] as const),
    ...partners.map(({ partnerId, name }) => [partnerId, name] as const),
  ]);
  return spellMoments(summary).replace(ID, (id) => names.get(id) ?? id);
}
