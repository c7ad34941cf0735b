import { REGISTRATION_STATUSES, REQUESTED_DECISIONS } from '../../program/vocabulary.ts';
import { amount, currency, domain, identifier, instant, line, oneOf, paragraphs, plainDate, reference, valueSet } from '../codec.ts';
import type { FieldMapping } from '../field-mapping.ts';

/** The fields of a registration that have the same names in a portal, on whichever object it keeps them. Partner and customer are associations, told apart by their labels. */
export const REGISTRATION_FIELDS: readonly FieldMapping[] = [
  { ours: 'registrationId', theirs: 'registration_id', policy: 'ours', ...identifier(36) },
  { ours: 'status', theirs: 'registration_status', policy: 'ours', ...oneOf(REGISTRATION_STATUSES) },
  { ours: 'partner', theirs: 'associations.companies.partner', policy: 'ours', reference: 'partner', ...reference() },
  { ours: 'customerAccount', theirs: 'associations.companies.customer', policy: 'newest', reference: 'account', ...reference() },
  { ours: 'customerName', theirs: 'customer_name', policy: 'ours', ...line(255) },
  { ours: 'customerDomain', theirs: 'customer_domain', policy: 'ours', ...domain(255) },
  { ours: 'productLines', theirs: 'product_lines', policy: 'ours', ...valueSet(255) },
  { ours: 'estimatedValue', theirs: 'estimated_value', policy: 'newest', ...amount() },
  { ours: 'estimatedCurrency', theirs: 'estimated_currency', policy: 'newest', ...currency() },
  { ours: 'expectedCloseDate', theirs: 'expected_close_date', policy: 'newest', ...plainDate() },
  { ours: 'description', theirs: 'description', policy: 'ours', ...paragraphs(32_768) },
  { ours: 'submittedAt', theirs: 'submitted_at', policy: 'ours', ...instant() },
  { ours: 'decidedAt', theirs: 'decided_at', policy: 'ours', ...instant() },
  { ours: 'protectedUntil', theirs: 'protected_until', policy: 'ours', ...instant() },
  { ours: 'reviewDue', theirs: 'review_due', policy: 'ours', ...instant() },
  { ours: 'reviewStep', theirs: 'review_step', policy: 'ours', ...line(255) },
  { ours: 'conflictSummary', theirs: 'conflict_summary', policy: 'ours', ...line(255) },
  { ours: 'decisionReason', theirs: 'decision_reason', policy: 'ours', ...line(255) },
  { ours: 'syncNote', theirs: 'sync_note', policy: 'ours', ...line(255) },
  { ours: 'approver', theirs: 'approver', policy: 'ours', reference: 'user', ...reference() },
  { ours: 'requestedDecision', theirs: 'requested_decision', policy: 'command', ...oneOf(REQUESTED_DECISIONS) },
  { ours: 'decisionComment', theirs: 'decision_comment', policy: 'command', ...line(255) },
];
