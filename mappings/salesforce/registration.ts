import { REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import { domain, line, oneOf, paragraphs, plainDate, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { REGISTRATION_FIELDS } from './registration-field.ts';

/** Rows without a registration id belong to it too: they are claims that a rep entered in the CRM. */
export const salesforceRegistration: ObjectMapping = {
  objectType: 'registration',
  object: 'Deal_Registration__c',
  externalId: { ours: 'registrationId', theirs: 'Registration_Id__c' },
  whereNotNull: null,
  fields: [
    ...REGISTRATION_FIELDS,
    { ours: 'status', theirs: 'Status__c', policy: 'ours', ...oneOf(REGISTRATION_STATUSES) },
    { ours: 'customerAccount', theirs: 'Customer__c', policy: 'newest', reference: 'account', ...reference() },
    { ours: 'customerName', theirs: 'Customer_Name__c', policy: 'ours', ...line(255) },
    { ours: 'customerDomain', theirs: 'Customer_Domain__c', policy: 'ours', ...domain(255) },
    { ours: 'expectedCloseDate', theirs: 'Expected_Close_Date__c', policy: 'newest', ...plainDate() },
    { ours: 'description', theirs: 'Description__c', policy: 'ours', ...paragraphs(32_768) },
    { ours: 'opportunity', theirs: 'Opportunity__c', policy: 'theirs', isCommandable: true, reference: 'opportunity', ...reference() },
  ],
};
