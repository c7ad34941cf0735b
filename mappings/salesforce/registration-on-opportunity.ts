import { REGISTRATION_STATUSES } from '../../program/vocabulary.ts';
import { domain, line, oneOf, paragraphs, plainDate, reference } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { OPPORTUNITY_STAGES } from './opportunity-stage.ts';
import { REGISTRATION_FIELDS } from './registration-field.ts';

/**
 * Registrations that are opportunities. An opportunity is one when it names a partner; it is the registration's own opportunity, so that winning or losing it closes
 * the registration. Its name and its stage are the rep's once it is made, and so is its amount, which is not written at all.
 */
export const salesforceRegistrationOnOpportunity: ObjectMapping = {
  objectType: 'registration',
  object: 'Opportunity',
  externalId: { ours: 'registrationId', theirs: 'Registration_Id__c' },
  whereNotNull: 'Partner__c',
  fields: [
    ...REGISTRATION_FIELDS,
    { ours: 'status', theirs: 'Registration_Status__c', policy: 'ours', ...oneOf(REGISTRATION_STATUSES) },
    { ours: 'customerAccount', theirs: 'AccountId', policy: 'newest', reference: 'account', ...reference() },
    { ours: 'customerName', theirs: 'Customer_Name__c', policy: 'ours', ...line(255) },
    { ours: 'customerDomain', theirs: 'Customer_Domain__c', policy: 'ours', ...domain(255) },
    { ours: 'expectedCloseDate', theirs: 'CloseDate', policy: 'newest', ...plainDate() },
    { ours: 'description', theirs: 'Description', policy: 'ours', ...paragraphs(32_000) },
    { ours: 'dealName', theirs: 'Name', policy: 'ours', createOnly: true, ...line(120) },
    { ours: 'stageName', theirs: 'StageName', policy: 'ours', createOnly: true, ...line(255), types: ['picklist'] },
    { ours: 'opportunity', theirs: 'Id', policy: 'theirs', reference: 'opportunity', ...reference(), types: ['text'] },
  ],
  isOpportunity: true,
  stages: OPPORTUNITY_STAGES,
};
