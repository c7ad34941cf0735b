import { randomUUID } from 'node:crypto';
import type { Database } from '../store/database.ts';
import { insertPartner, type PartnerFields } from '../store/partner.ts';
import type { SamplePartner } from './sample/partner.ts';

/** A partner of the sample as the store keeps it. */
export function samplePartnerFields({ name, domain, country, type, track, tier, status, manager }: SamplePartner): PartnerFields {
  return { name, domain, country, type, track, tier, status, manager: manager ?? null, regions: [], companyNumber: null };
}

/** Stores the partner and returns its id. */
export async function savePartner(db: Database, fields: PartnerFields, now: string): Promise<string> {
  const id = randomUUID();
  await db.transaction().execute((trx) => insertPartner(trx, id, `P-${id}`, fields, now));
  return id;
}
