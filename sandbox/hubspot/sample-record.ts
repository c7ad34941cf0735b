/** Loads the sample's customers, contacts and opportunities as companies, contacts and deals, with dates counted from the clock. */

import type { Sample } from '../kit/sample-file.ts';
import { associate } from './association/associate.ts';
import { OWNERS, sourceOf } from './owner.ts';
import type { Portal } from './portal.ts';
import { isRefusal } from './wire/api-error.ts';
import { storedInstant } from './wire/instant.ts';
import type { ObjectDefinition } from './schema/object-type.ts';
import type { StoredRecord } from './store/record-store.ts';
import { createRecord, uniqueNames } from './write/save-record.ts';
import type { GivenValues } from './write/property-value.ts';

/** Nobody is told of the sample. */
const SAMPLE_SOURCE = { source: 'CRM_UI', sourceId: '', userId: null } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** The sample's stages, which are Salesforce's, in the sales pipeline, the first three and the later ones each among their like; others are open and early. */
const STAGES: Readonly<Record<string, string>> = {
  Prospecting: 'appointmentscheduled',
  Qualification: 'qualifiedtobuy',
  'Needs Analysis': 'presentationscheduled',
  'Value Proposition': 'decisionmakerboughtin',
  'Id. Decision Makers': 'decisionmakerboughtin',
  'Perception Analysis': 'decisionmakerboughtin',
  'Proposal/Price Quote': 'contractsent',
  'Negotiation/Review': 'contractsent',
  'Closed Won': 'closedwon',
  'Closed Lost': 'closedlost',
};

/** Writes `records`, owned by the people whom they name by alias. Order and serial numbers are those of the file. */
export function writeSample(portal: Portal, records: Sample): void {
  const add = (name: string, ownerAlias: string, values: GivenValues, createdDaysAgo = 0): number => {
    const definition = portal.catalogue.find(name);
    const owner = OWNERS.find((each) => each.alias === ownerAlias);
    if (definition === null || owner === undefined)
      throw new Error(`The CRM sample names ${name} of "${ownerAlias}", which the portal has not`);
    const saved = createRecord(portal, definition, { ...values, hubspot_owner_id: String(owner.ownerId) }, sourceOf(owner));
    if (isRefusal(saved)) throw new Error(`The CRM sample has ${name} that the portal refuses: ${saved.message}`);
    if (createdDaysAgo > 0) setBack(portal, definition, saved.record, createdDaysAgo);
    return saved.record.id;
  };
  const companies = new Map<string, { readonly id: number; readonly owner: string }>();
  for (const { key, name, website, country, postalCode, phone, owner } of records.accounts) {
    const domain = website === null ? null : domainOf(website);
    companies.set(key, { id: add('companies', owner, { name, website, domain, country, zip: postalCode, phone }), owner });
  }
  const companyOf = (key: string) => {
    const found = companies.get(key);
    if (found === undefined) throw new Error(`The CRM sample names the account "${key}", which it does not define`);
    return found;
  };
  const emails = new Set<string>();
  for (const { account, name, email } of records.contacts) {
    const company = companyOf(account);
    // A portal has one contact of an address; the sample's org may have several.
    if (email !== null && emails.has(email.toLowerCase())) continue;
    if (email !== null) emails.add(email.toLowerCase());
    const at = name.lastIndexOf(' ');
    const id = add('contacts', company.owner, { firstname: name.slice(0, Math.max(at, 0)), lastname: name.slice(at + 1), email });
    associate(portal, { object: '0-1', id }, { object: '0-2', id: company.id }, PRIMARY_OF_CONTACT, SAMPLE_SOURCE);
  }
  for (const { account, name, stage, amount, currency, closeInDays, createdDaysAgo, lastActivityDaysAgo, owner } of records.opportunities) {
    const deal = {
      dealname: name,
      pipeline: 'default',
      dealstage: STAGES[stage] ?? 'appointmentscheduled',
      amount,
      deal_currency_code: currency,
      closedate: new Date(portal.clock.now() + closeInDays * DAY_MS).toISOString(),
      notes_last_updated: lastActivityDaysAgo === null ? null : new Date(portal.clock.now() - lastActivityDaysAgo * DAY_MS).toISOString(),
    };
    const id = add('deals', owner, deal, createdDaysAgo);
    associate(portal, { object: '0-3', id }, { object: '0-2', id: companyOf(account).id }, PRIMARY_OF_DEAL, SAMPLE_SOURCE);
  }
}

/** Nobody can write when a record was created: the sample's are older than the portal. */
function setBack(portal: Portal, definition: ObjectDefinition, record: StoredRecord, daysAgo: number): void {
  const { id, createdProperty } = definition.type;
  const createdAt = record.createdAt - daysAgo * DAY_MS;
  const properties = { ...record.properties, [createdProperty]: storedInstant(createdAt) };
  portal.records.replace(id, { ...record, createdAt, properties }, [createdProperty], uniqueNames(definition), SAMPLE_SOURCE);
}

/** Web sites stand in the sample as people type them, with a protocol or without. */
function domainOf(website: string): string | null {
  const address = /^https?:\/\//i.test(website) ? website : `https://${website}`;
  return URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, '') : null;
}

const PRIMARY_OF_CONTACT = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }];
const PRIMARY_OF_DEAL = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 }];
