import { REQUESTED_DECISIONS } from '../../program/vocabulary.ts';
import { amount, currency, identifier, instant, line, oneOf, reference, valueSet } from '../codec.ts';
import type { FieldMapping } from '../field-mapping.ts';

/** The fields of a registration that are shipped under the same names, on whichever object an org keeps its registrations. */
export const REGISTRATION_FIELDS: readonly FieldMapping[] = [
  { ours: 'registrationId', theirs: 'Registration_Id__c', policy: 'ours', ...identifier(36) },
  { ours: 'partner', theirs: 'Partner__c', policy: 'ours', reference: 'partner', ...reference() },
  { ours: 'productLines', theirs: 'Product_Lines__c', policy: 'ours', ...valueSet(255) },
  { ours: 'estimatedValue', theirs: 'Estimated_Value__c', policy: 'newest', ...amount() },
  { ours: 'estimatedCurrency', theirs: 'Estimated_Currency__c', policy: 'newest', ...currency() },
  { ours: 'submittedAt', theirs: 'Submitted_At__c', policy: 'ours', ...instant() },
  { ours: 'decidedAt', theirs: 'Decided_At__c', policy: 'ours', ...instant() },
  { ours: 'protectedUntil', theirs: 'Protected_Until__c', policy: 'ours', ...instant() },
  { ours: 'reviewDue', theirs: 'Review_Due__c', policy: 'ours', ...instant() },
  { ours: 'reviewStep', theirs: 'Review_Step__c', policy: 'ours', ...line(255) },
  { ours: 'conflictSummary', theirs: 'Conflict_Summary__c', policy: 'ours', ...line(255) },
  { ours: 'decisionReason', theirs: 'Decision_Reason__c', policy: 'ours', ...line(255) },
  { ours: 'syncNote', theirs: 'Sync_Note__c', policy: 'ours', ...line(255) },
  { ours: 'approver', theirs: 'Approver__c', policy: 'ours', reference: 'user', ...reference() },
  { ours: 'requestedDecision', theirs: 'Requested_Decision__c', policy: 'command', ...oneOf(REQUESTED_DECISIONS) },
  { ours: 'decisionComment', theirs: 'Decision_Comment__c', policy: 'command', ...line(255) },
];
