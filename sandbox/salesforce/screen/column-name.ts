/** List views call standard fields by names of their own, such as `OPPORTUNITY.CLOSE_DATE`. Source: Metadata API Developer Guide, "ListView", columns. */

import { findField } from '../schema/catalogue.ts';
import type { SObjectDefinition } from '../schema/definition.ts';

/** Names that do not follow from the field's; the part after the object's name where there is one. */
const FIELD_OF_COLUMN: Readonly<Record<string, string>> = {
  FULL_NAME: 'Name',
  OBJECT_ID: 'Id',
  CREATEDBY_USER: 'CreatedById',
  LAST_UPDATE: 'LastModifiedDate',
  UPDATEDBY_USER: 'LastModifiedById',
  LAST_ACTIVITY: 'LastActivityDate',
  PHONE1: 'Phone',
  URL: 'Website',
  ADDRESS1_STREET: 'BillingStreet',
  ADDRESS1_CITY: 'BillingCity',
  ADDRESS1_STATE: 'BillingState',
  ADDRESS1_ZIP: 'BillingPostalCode',
  ADDRESS1_COUNTRY: 'BillingCountry',
  DUE_DATE: 'ActivityDate',
  WHAT_NAME: 'WhatId',
  WHO_NAME: 'WhoId',
};

/** Columns that show the user behind a lookup. */
const OWNER_COLUMNS = new Set(['OWNER.ALIAS', 'OWNER.NAME', 'CORE.USERS.ALIAS', 'CORE.USERS.FULL_NAME', 'CORE.USERS.FIRST_NAME']);

/** The field of `definition` that a list view's `column` shows; null where the object has none, as in an org where it was not deployed. */
export function fieldOfColumn(definition: SObjectDefinition, column: string): string | null {
  if (column.endsWith('__c')) return findField(definition, column)?.name ?? null;
  if (OWNER_COLUMNS.has(column)) return findField(definition, 'OwnerId')?.name ?? null;
  const parts = column.split('.');
  const name = parts.at(-1) ?? column;
  const object = parts.length > 1 ? (parts.at(-2) ?? '') : null;
  // `ACCOUNT.NAME` on another object is its lookup to the account.
  if (object !== null && object !== definition.name.toUpperCase()) {
    return name === 'NAME' ? (findField(definition, `${object}Id`)?.name ?? null) : null;
  }
  return findField(definition, FIELD_OF_COLUMN[name] ?? name.replaceAll('_', ''))?.name ?? null;
}
