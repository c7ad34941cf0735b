/** Loads the sample's customers, contacts and opportunities, with dates counted from the clock. */

import type { Sample } from '../kit/sample-file.ts';
import { findField, findObject } from './schema/catalogue.ts';
import type { SObjectDefinition } from './schema/definition.ts';
import type { RecordStore, StoredRow } from './store/record-store.ts';
import { storedInstant } from './wire/instant.ts';
import { deriveValues } from './write/derived-value.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Writes `records`, owned by the users named in `userIds` by alias. Order and serial numbers are those of the file. */
export function writeSample(store: RecordStore, records: Sample, userIds: ReadonlyMap<string, string>, nowMs: number): void {
  const add = (objectName: string, ownerAlias: string, createdMs: number, values: StoredRow): string => {
    const definition = requireObject(store, objectName);
    const id = store.newId(definition.keyPrefix);
    const owner = requireKey(userIds, ownerAlias, 'user');
    const flags = Object.fromEntries(definition.fields.filter((field) => field.type === 'boolean').map((field) => [field.name, 0]));
    const row = { ...flags, Id: id, OwnerId: owner, ...values, ...stamps(owner, createdMs, nowMs) };
    store.insert(definition, { ...row, ...deriveValues(definition, row, values) });
    return id;
  };
  const accountIds = new Map<string, string>();
  for (const account of records.accounts) {
    const values = {
      Name: account.name,
      Website: account.website,
      BillingCountry: account.country,
      BillingPostalCode: account.postalCode,
      Phone: account.phone,
    };
    accountIds.set(account.key, add('Account', account.owner, nowMs, values));
  }
  for (const { key, parent } of records.accounts) {
    if (parent !== null)
      store.update(requireObject(store, 'Account'), requireKey(accountIds, key, 'account'), {
        ParentId: requireKey(accountIds, parent, 'account'),
      });
  }
  const ownerOf = new Map(records.accounts.map((account) => [account.key, account.owner]));
  for (const contact of records.contacts) {
    const [firstName, lastName] = splitName(contact.name);
    const values = {
      AccountId: requireKey(accountIds, contact.account, 'account'),
      FirstName: firstName,
      LastName: lastName,
      Email: contact.email,
    };
    add('Contact', requireKey(ownerOf, contact.account, 'account'), nowMs, values);
  }
  const hasCurrency = findField(requireObject(store, 'Opportunity'), 'CurrencyIsoCode') !== null;
  for (const opportunity of records.opportunities) {
    add('Opportunity', opportunity.owner, nowMs - opportunity.createdDaysAgo * DAY_MS, {
      AccountId: requireKey(accountIds, opportunity.account, 'account'),
      Name: opportunity.name,
      StageName: opportunity.stage,
      Amount: Number(opportunity.amount),
      ...(hasCurrency ? { CurrencyIsoCode: opportunity.currency } : {}),
      CloseDate: dayOf(nowMs + opportunity.closeInDays * DAY_MS),
      LastActivityDate: opportunity.lastActivityDaysAgo === null ? null : dayOf(nowMs - opportunity.lastActivityDaysAgo * DAY_MS),
    });
  }
}

function stamps(userId: string, createdMs: number, nowMs: number): StoredRow {
  const now = storedInstant(nowMs);
  return {
    CreatedDate: storedInstant(createdMs),
    CreatedById: userId,
    LastModifiedDate: now,
    LastModifiedById: userId,
    SystemModstamp: now,
  };
}

function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

function splitName(name: string): readonly [first: string | null, last: string] {
  const at = name.lastIndexOf(' ');
  return at < 0 ? [null, name] : [name.slice(0, at), name.slice(at + 1)];
}

function requireObject(store: RecordStore, name: string): SObjectDefinition {
  const definition = findObject(store.schema, name);
  if (definition === null) throw new Error(`The org has no object ${name}`);
  return definition;
}

function requireKey(map: ReadonlyMap<string, string>, key: string, kind: string): string {
  const value = map.get(key);
  if (value === undefined) throw new Error(`The CRM sample names the ${kind} "${key}", which it does not define`);
  return value;
}
