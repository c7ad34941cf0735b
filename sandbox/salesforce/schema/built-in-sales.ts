/** The sales objects every org has, with the fields that partner programs use. Source: Salesforce's Object Reference, pages Account, Contact, Lead, Opportunity. */

import { checkBox, decimal, field, lookup, picklist, READ_ONLY, systemFields, text } from './field.ts';
import type { FieldSource, ObjectSource } from './field.ts';
import { OPPORTUNITY_STAGES } from './opportunity-stage.ts';

const INDUSTRIES = [
  'Agriculture',
  'Banking',
  'Construction',
  'Consulting',
  'Education',
  'Energy',
  'Healthcare',
  'Manufacturing',
  'Retail',
  'Technology',
];
const LEAD_SOURCES = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
const RATINGS = ['Hot', 'Warm', 'Cold'];

/** The five columns of a compound address; the compound itself is not reproduced. */
function address(prefix: string, label: string): readonly FieldSource[] {
  return [
    field(`${prefix}Street`, `${label} Street`.trim(), 'textarea', { length: 255 }),
    text(`${prefix}City`, `${label} City`.trim(), 40),
    text(`${prefix}State`, `${label} State/Province`.trim(), 80),
    text(`${prefix}PostalCode`, `${label} Zip/Postal Code`.trim(), 20),
    text(`${prefix}Country`, `${label} Country`.trim(), 80),
  ];
}

/** First, last and computed full name; Salesforce computes `Name` and refuses to have it written. */
function personName(label: string): readonly FieldSource[] {
  return [
    text('LastName', 'Last Name', 80, { nillable: false }),
    text('FirstName', 'First Name', 40),
    text('Name', label, 121, { nillable: false, ...READ_ONLY }),
  ];
}

function mergedInto(object: string): FieldSource {
  return lookup('MasterRecordId', 'Master Record ID', [object], 'MasterRecord', null, READ_ONLY);
}

export const ACCOUNT: ObjectSource = {
  name: 'Account',
  label: 'Account',
  labelPlural: 'Accounts',
  keyPrefix: '001',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: 'AccountId',
  fields: [
    ...systemFields(text('Name', 'Account Name', 255, { nillable: false }), true),
    mergedInto('Account'),
    picklist('Type', 'Account Type', [
      'Prospect',
      'Customer - Direct',
      'Customer - Channel',
      'Channel Partner / Reseller',
      'Technology Partner',
      'Other',
    ]),
    lookup('ParentId', 'Parent Account ID', ['Account'], 'Parent', 'ChildAccounts'),
    ...address('Billing', 'Billing'),
    ...address('Shipping', 'Shipping'),
    field('Phone', 'Account Phone', 'phone', { length: 40 }),
    field('Fax', 'Account Fax', 'phone', { length: 40 }),
    text('AccountNumber', 'Account Number', 40),
    field('Website', 'Website', 'url', { length: 255 }),
    picklist('Industry', 'Industry', INDUSTRIES),
    decimal('AnnualRevenue', 'Annual Revenue', 'currency', 18, 0),
    field('NumberOfEmployees', 'Employees', 'int', { precision: 8 }),
    field('Description', 'Account Description', 'textarea', { length: 32000 }),
    picklist('Rating', 'Account Rating', RATINGS),
    text('Site', 'Account Site', 80),
    picklist('AccountSource', 'Account Source', LEAD_SOURCES),
    field('LastActivityDate', 'Last Activity', 'date', READ_ONLY),
  ],
};

export const CONTACT: ObjectSource = {
  name: 'Contact',
  label: 'Contact',
  labelPlural: 'Contacts',
  keyPrefix: '003',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: 'ContactId',
  fields: [
    ...systemFields(null, true),
    ...personName('Full Name'),
    mergedInto('Contact'),
    lookup('AccountId', 'Account ID', ['Account'], 'Account', 'Contacts'),
    ...address('Mailing', 'Mailing'),
    field('Phone', 'Business Phone', 'phone', { length: 40 }),
    field('MobilePhone', 'Mobile Phone', 'phone', { length: 40 }),
    lookup('ReportsToId', 'Reports To ID', ['Contact'], 'ReportsTo'),
    field('Email', 'Email', 'email', { length: 80 }),
    text('Title', 'Title', 128),
    text('Department', 'Department', 80),
    picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
    field('Description', 'Contact Description', 'textarea', { length: 32000 }),
    field('LastActivityDate', 'Last Activity', 'date', READ_ONLY),
  ],
};

export const LEAD: ObjectSource = {
  name: 'Lead',
  label: 'Lead',
  labelPlural: 'Leads',
  keyPrefix: '00Q',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: 'LeadId',
  fields: [
    ...systemFields(null, true),
    ...personName('Full Name'),
    mergedInto('Lead'),
    text('Title', 'Title', 128),
    text('Company', 'Company', 255, { nillable: false }),
    ...address('', ''),
    field('Phone', 'Phone', 'phone', { length: 40 }),
    field('Email', 'Email', 'email', { length: 80 }),
    field('Website', 'Website', 'url', { length: 255 }),
    field('Description', 'Description', 'textarea', { length: 32000 }),
    picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
    picklist('Status', 'Status', ['Open - Not Contacted', 'Working - Contacted', 'Closed - Converted', 'Closed - Not Converted'], {
      nillable: false,
      defaultValue: 'Open - Not Contacted',
    }),
    picklist('Industry', 'Industry', INDUSTRIES),
    picklist('Rating', 'Rating', RATINGS),
    checkBox('IsConverted', 'Converted', READ_ONLY),
    field('ConvertedDate', 'Converted Date', 'date', READ_ONLY),
    lookup('ConvertedAccountId', 'Converted Account ID', ['Account'], 'ConvertedAccount', null, READ_ONLY),
    lookup('ConvertedContactId', 'Converted Contact ID', ['Contact'], 'ConvertedContact', null, READ_ONLY),
    lookup('ConvertedOpportunityId', 'Converted Opportunity ID', ['Opportunity'], 'ConvertedOpportunity', null, READ_ONLY),
    field('LastActivityDate', 'Last Activity', 'date', READ_ONLY),
  ],
};

export const OPPORTUNITY: ObjectSource = {
  name: 'Opportunity',
  label: 'Opportunity',
  labelPlural: 'Opportunities',
  keyPrefix: '006',
  custom: false,
  writable: true,
  deletable: true,
  historyParentField: 'OpportunityId',
  fields: [
    ...systemFields(text('Name', 'Name', 120, { nillable: false, trackHistory: true }), true),
    lookup('AccountId', 'Account ID', ['Account'], 'Account', 'Opportunities', { trackHistory: true }),
    field('Description', 'Description', 'textarea', { length: 32000 }),
    picklist(
      'StageName',
      'Stage',
      OPPORTUNITY_STAGES.map((stage) => stage.name),
      { nillable: false, trackHistory: true },
    ),
    field('Amount', 'Amount', 'currency', { precision: 18, scale: 2, trackHistory: true }),
    decimal('Probability', 'Probability (%)', 'percent', 3, 0),
    field('CloseDate', 'Close Date', 'date', { nillable: false, trackHistory: true }),
    picklist('Type', 'Opportunity Type', ['Existing Business', 'New Business']),
    text('NextStep', 'Next Step', 255),
    picklist('LeadSource', 'Lead Source', LEAD_SOURCES),
    checkBox('IsClosed', 'Closed', READ_ONLY),
    checkBox('IsWon', 'Won', READ_ONLY),
    text('ForecastCategory', 'Forecast Category', 40, READ_ONLY),
    lookup('ContactId', 'Contact ID', ['Contact'], 'Contact'),
    field('LastActivityDate', 'Last Activity', 'date', READ_ONLY),
  ],
};
