/**
 * Why a command was refused or a decision could not be made, by code. The HTTP API answers with `status`; workflows and callers branch on the code, never on text.
 * What a CRM refuses has its own catalogue in `crm/failures.ts`.
 */
export const REFUSALS = {
  ACTOR_MAY_NOT_DECIDE: { status: 403 },
  STATE_DOES_NOT_ALLOW: { status: 409 },
  PROTECTION_HELD_BY_ANOTHER: { status: 409 },
  RULES_SPEAK_AGAINST: { status: 409 },
  EXTENSION_NOT_ALLOWED: { status: 409 },
  TRANSFER_NOT_ALLOWED: { status: 409 },
  APPEAL_NOT_ALLOWED: { status: 409 },
  DELEGATE_NOT_POSSIBLE: { status: 409 },
  OUTCOME_NOT_POSSIBLE: { status: 409 },
  STATEMENT_NOT_ALLOWED: { status: 409 },
  EVIDENCE_NOT_NEW: { status: 409 },
  COMMAND_INVALID: { status: 422 },
  REGISTRATION_UNKNOWN: { status: 404 },
  CASE_UNKNOWN: { status: 404 },
  LINK_NOT_ALLOWED: { status: 409 },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** An expected no, returned as a value. `message` says what, why and what would be possible, in words for the person who asked. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
}

export function refuse(code: RefusalCode, message: string): Refusal {
  return { kind: 'refused', code, message };
}

/** Failures of activities that are neither a refusal nor the CRM's. `retryable` false: a person must act first. */
export const ACTIVITY_FAILURES = {
  EVIDENCE_TOO_OLD: { retryable: true },
  PROGRAM_VERSION_UNKNOWN: { retryable: false },
  RECORD_UNREADABLE: { retryable: false },
} as const;

export type ActivityFailureCode = keyof typeof ACTIVITY_FAILURES;
