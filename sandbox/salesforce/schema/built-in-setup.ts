/** People, activities and the set-up objects that clients read at sign-in. Source: Salesforce's Object Reference, pages User, Task, Organization, OpportunityStage. */

import { checkBox, decimal, field, lookup, picklist, READ_ONLY, systemFields, text } from './field.ts';
import type { ObjectSource } from './field.ts';
import { setupObject } from './setup-object.ts';

/** Users are deactivated, never deleted. */
export const USER: ObjectSource = setupObject(
  'User',
  '005',
  [
    text('Username', 'Username', 80, { nillable: false, unique: true }),
    text('LastName', 'Last Name', 80, { nillable: false }),
    text('FirstName', 'First Name', 40),
    text('Name', 'Full Name', 121, { nillable: false, ...READ_ONLY }),
    // Salesforce allows eight characters; the sample's `integration` needs more (DIFFERENCES.md).
    text('Alias', 'Alias', 20, { nillable: false }),
    field('Email', 'Email', 'email', { length: 128, nillable: false }),
    checkBox('IsActive', 'Active', { defaultValue: true }),
    text('Title', 'Title', 80),
    lookup('ManagerId', 'Manager ID', ['User'], 'Manager', 'ManagedUsers'),
    lookup('ProfileId', 'Profile ID', ['Profile'], 'Profile', 'Users', { nillable: false }),
    picklist('UserType', 'User Type', ['Standard', 'PowerPartner', 'CsnOnly'], { ...READ_ONLY, defaultValue: 'Standard' }),
    text('TimeZoneSidKey', 'Time Zone', 40, { defaultValue: 'Etc/UTC' }),
    text('LocaleSidKey', 'Locale', 40, { defaultValue: 'en_US' }),
    text('LanguageLocaleKey', 'Language', 40, { defaultValue: 'en_US' }),
    text('EmailEncodingKey', 'Email Encoding', 40, { defaultValue: 'UTF-8' }),
  ],
  { writable: true },
);

/** `whatIds` are the objects an activity can belong to. */
export function taskObject(whatIds: readonly string[]): ObjectSource {
  return {
    name: 'Task',
    label: 'Task',
    labelPlural: 'Tasks',
    keyPrefix: '00T',
    custom: false,
    writable: true,
    deletable: true,
    historyParentField: null,
    fields: [
      ...systemFields(null, true),
      lookup('WhoId', 'Name ID', ['Contact', 'Lead'], 'Who'),
      lookup('WhatId', 'Related To ID', whatIds, 'What', 'Tasks'),
      text('Subject', 'Subject', 255),
      field('ActivityDate', 'Due Date Only', 'date'),
      picklist('Status', 'Status', ['Not Started', 'In Progress', 'Completed', 'Waiting on someone else', 'Deferred'], {
        nillable: false,
        defaultValue: 'Not Started',
      }),
      picklist('Priority', 'Priority', ['High', 'Normal', 'Low'], { nillable: false, defaultValue: 'Normal' }),
      field('Description', 'Description', 'textarea', { length: 32000 }),
      checkBox('IsClosed', 'Closed', READ_ONLY),
    ],
  };
}

export const ORGANIZATION: ObjectSource = setupObject(
  'Organization',
  '00D',
  [
    text('InstanceName', 'Instance Name', 5, READ_ONLY),
    checkBox('IsSandbox', 'Is Sandbox', READ_ONLY),
    text('OrganizationType', 'Edition', 40, READ_ONLY),
    text('NamespacePrefix', 'Namespace Prefix', 15, READ_ONLY),
    field('TrialExpirationDate', 'Trial Expiration Date', 'datetime', READ_ONLY),
    text('LanguageLocaleKey', 'Language', 40, READ_ONLY),
    text('TimeZoneSidKey', 'Time Zone', 40, READ_ONLY),
    text('Country', 'Country', 80, READ_ONLY),
  ],
  { nameField: text('Name', 'Name', 80, READ_ONLY) },
);

export const RECORD_TYPE: ObjectSource = setupObject(
  'RecordType',
  '012',
  [
    text('DeveloperName', 'Record Type Name', 80, READ_ONLY),
    text('NamespacePrefix', 'Namespace Prefix', 15, READ_ONLY),
    text('Description', 'Description', 255, READ_ONLY),
    text('SobjectType', 'SObject Type Name', 40, READ_ONLY),
    checkBox('IsActive', 'Active', READ_ONLY),
  ],
  { nameField: text('Name', 'Name', 80, READ_ONLY) },
);

export const OPPORTUNITY_STAGE: ObjectSource = setupObject('OpportunityStage', '01J', [
  text('MasterLabel', 'Master Label', 255, READ_ONLY),
  text('ApiName', 'API Name', 255, READ_ONLY),
  checkBox('IsActive', 'Is Active', READ_ONLY),
  field('SortOrder', 'Sort Order', 'int', { precision: 8, ...READ_ONLY }),
  checkBox('IsClosed', 'Closed', READ_ONLY),
  checkBox('IsWon', 'Won', READ_ONLY),
  decimal('DefaultProbability', 'Probability (%)', 'percent', 3, 0),
  text('ForecastCategoryName', 'Forecast Category Name', 40, READ_ONLY),
]);
