/** Converts leads as a person does it on the screen. Source: SOAP API Developer Guide, convertLead(); Salesforce Help, "What Happens When I Convert Leads?". */

import { findObject } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';
import { OPPORTUNITY_STAGES } from '../schema/opportunity-stage.ts';
import { quoted } from '../store/database.ts';
import type { RecordStore, StoredRow, StoredValue } from '../store/record-store.ts';
import { CONVERTED_LEAD, CROSS_REFERENCE_INVALID, RECORD_DELETED } from '../wire/api-error.ts';
import type { ApiError } from '../wire/api-error.ts';
import { storedInstant } from '../wire/instant.ts';
import { recordChanges } from './field-history.ts';
import type { WriteMoment } from './field-history.ts';
import { createRecord } from './save-record.ts';

interface LeadConversion {
  readonly leadId: string;
  /** Null: a new one is made of the lead. */
  readonly accountId: string | null;
  readonly contactId: string | null;
  /** Null: the name of the company. */
  readonly opportunityName: string | null;
  readonly withOpportunity: boolean;
}

export type ConversionOutcome =
  | { readonly kind: 'converted'; readonly accountId: string; readonly contactId: string; readonly opportunityId: string | null }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** The one status of a fresh org that counts as converted. */
const CONVERTED_STATUS = 'Closed - Converted';
const ADDRESS_PARTS = ['Street', 'City', 'State', 'PostalCode', 'Country'];

class Refused extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.error = error;
  }
}

/** Must run inside a transaction, which the caller undoes when the outcome is refused. */
export function convertLead(store: RecordStore, conversion: LeadConversion, moment: WriteMoment): ConversionOutcome {
  try {
    return convert(store, conversion, moment);
  } catch (refused) {
    if (refused instanceof Refused) return { kind: 'refused', error: refused.error };
    throw refused;
  }
}

function convert(store: RecordStore, conversion: LeadConversion, moment: WriteMoment): ConversionOutcome {
  const definitions = { Lead: known(store, 'Lead'), Account: known(store, 'Account'), Contact: known(store, 'Contact') };
  const lead = existing(store, definitions.Lead, conversion.leadId);
  if (lead['IsConverted'] === 1) throw new Refused(CONVERTED_LEAD);
  const make = (definition: SObjectDefinition, values: StoredRow): string => {
    const given = Object.fromEntries(Object.entries({ OwnerId: lead['OwnerId'] ?? null, ...values }).filter(([, value]) => value !== null));
    const outcome = createRecord(store, definition, given, moment);
    if (outcome.kind === 'refused') throw new Refused(outcome.error);
    return outcome.id;
  };
  const of = (...names: readonly string[]): StoredRow => Object.fromEntries(names.map((name) => [name, lead[name] ?? null]));
  const address = (prefix: string): StoredRow =>
    Object.fromEntries(ADDRESS_PARTS.map((part): readonly [string, StoredValue] => [`${prefix}${part}`, lead[part] ?? null]));

  const accountId =
    conversion.accountId ??
    make(definitions.Account, { Name: lead['Company'] ?? null, ...of('Phone', 'Website', 'Industry', 'Rating'), ...address('Billing') });
  existing(store, definitions.Account, accountId);
  const contactId =
    conversion.contactId ??
    make(definitions.Contact, {
      ...of('FirstName', 'LastName', 'Title', 'Email', 'Phone', 'LeadSource'),
      ...address('Mailing'),
      AccountId: accountId,
    });
  existing(store, definitions.Contact, contactId);
  const opportunityId = !conversion.withOpportunity
    ? null
    : make(known(store, 'Opportunity'), {
        Name: conversion.opportunityName ?? lead['Company'] ?? null,
        AccountId: accountId,
        StageName: OPPORTUNITY_STAGES[0]?.name ?? null,
        CloseDate: endOfQuarter(moment.nowMs),
        LeadSource: lead['LeadSource'] ?? null,
      });
  closeLead(store, definitions.Lead, lead, { accountId, contactId, opportunityId }, moment);
  moveActivities(store, conversion.leadId, contactId, moment);
  return { kind: 'converted', accountId, contactId, opportunityId };
}

function closeLead(
  store: RecordStore,
  definition: SObjectDefinition,
  lead: StoredRow,
  made: { readonly accountId: string; readonly contactId: string; readonly opportunityId: string | null },
  moment: WriteMoment,
): void {
  const id = String(lead['Id']);
  const now = storedInstant(moment.nowMs);
  const changes = {
    IsConverted: 1,
    Status: CONVERTED_STATUS,
    ConvertedDate: now.slice(0, 10),
    ConvertedAccountId: made.accountId,
    ConvertedContactId: made.contactId,
    ConvertedOpportunityId: made.opportunityId,
    LastModifiedDate: now,
    LastModifiedById: moment.userId,
    SystemModstamp: now,
  };
  store.update(definition, id, changes);
  store.noteWrite({ definition, id, before: lead, after: { ...lead, ...changes }, author: moment });
  recordChanges(store, definition, lead, changes, moment);
}

/** The activities of the lead become those of the contact: a system change. */
function moveActivities(store: RecordStore, leadId: string, contactId: string, moment: WriteMoment): void {
  const set = '"WhoId" = ?, "SystemModstamp" = ?';
  store.run(`UPDATE ${quoted('Task')} SET ${set} WHERE "WhoId" = ?`, contactId, storedInstant(moment.nowMs), leadId);
}

function known(store: RecordStore, name: string): SObjectDefinition {
  const definition = findObject(store.schema, name);
  if (definition === null) throw new Error(`${name} is not built in`);
  return definition;
}

function existing(store: RecordStore, definition: SObjectDefinition, id: string): StoredRow {
  const row = store.find(definition, id);
  if (row === null) throw new Refused(CROSS_REFERENCE_INVALID);
  if (row['IsDeleted'] === 1) throw new Refused(RECORD_DELETED);
  return row;
}

/** The screen proposes the last day of the running quarter. */
function endOfQuarter(nowMs: number): string {
  const now = new Date(nowMs);
  return new Date(Date.UTC(now.getUTCFullYear(), 3 * Math.floor(now.getUTCMonth() / 3) + 3, 0)).toISOString().slice(0, 10);
}
