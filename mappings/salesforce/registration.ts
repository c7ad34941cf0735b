import { REGISTRATION_STATUSES, REQUESTED_DECISIONS } from '../../program/vocabulary.ts';
import { amount, currency, domain, identifier, instant, line, oneOf, paragraphs, plainDate, reference, valueSet } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/** Rows without a registration id belong to it too: they are claims that a rep entered in the CRM. */
export const salesforceRegistration: ObjectMapping = {
  objectType: 'registration',
  object: 'Deal_Registration__c',
  externalId: { ours: 'registrationId', theirs: 'Registration_Id__c' },
  whereNotNull: null,
  fields: [
    { ours: 'registrationId', theirs: 'Registration_Id__c', policy: 'ours', ...identifier(36) },
    { ours: 'status', theirs: 'Status__c', policy: 'ours', ...oneOf(REGISTRATION_STATUSES) },
    { ours: 'partner', theirs: 'Partner__c', policy: 'ours', reference: 'partner', ...reference() },
    { ours: 'customerAccount', theirs: 'Customer__c', policy: 'newest', reference: 'account', ...reference() },
    { ours: 'customerName', theirs: 'Customer_Name__c', policy: 'ours', ...line(255) },
    { ours: 'customerDomain', theirs: 'Customer_Domain__c', policy: 'ours', ...domain(255) },
    { ours: 'productLines', theirs: 'Product_Lines__c', policy: 'ours', ...valueSet(255) },
    { ours: 'estimatedValue', theirs: 'Estimated_Value__c', policy: 'newest', ...amount() },
    { ours: 'estimatedCurrency', theirs: 'Estimated_Currency__c', policy: 'newest', ...currency() },
    { ours: 'expectedCloseDate', theirs: 'Expected_Close_Date__c', policy: 'newest', ...plainDate() },
    { ours: 'description', theirs: 'Description__c', policy: 'ours', ...paragraphs(32_768) },
    { ours: 'submittedAt', theirs: 'Submitted_At__c', policy: 'ours', ...instant() },
    { ours: 'decidedAt', theirs: 'Decided_At__c', policy: 'ours', ...instant() },
    { ours: 'protectedUntil', theirs: 'Protected_Until__c', policy: 'ours', ...instant() },
    { ours: 'reviewDue', theirs: 'Review_Due__c', policy: 'ours', ...instant() },
    { ours: 'reviewStep', theirs: 'Review_Step__c', policy: 'ours', ...line(255) },
    { ours: 'conflictSummary', theirs: 'Conflict_Summary__c', policy: 'ours', ...line(255) },
    { ours: 'decisionReason', theirs: 'Decision_Reason__c', policy: 'ours', ...line(255) },
    { ours: 'syncNote', theirs: 'Sync_Note__c', policy: 'ours', ...line(255) },
    { ours: 'approver', theirs: 'Approver__c', policy: 'ours', reference: 'user', ...reference() },
    { ours: 'opportunity', theirs: 'Opportunity__c', policy: 'theirs', isCommandable: true, reference: 'opportunity', ...reference() },
    { ours: 'requestedDecision', theirs: 'Requested_Decision__c', policy: 'command', ...oneOf(REQUESTED_DECISIONS) },
    { ours: 'decisionComment', theirs: 'Decision_Comment__c', policy: 'command', ...line(255) },
  ],
};
