/**
 * How a CRM call or a written row failed, by code. The codes cross every boundary as text; nothing branches on messages or classes.
 * `retryable`: the same call may succeed later without anyone doing anything.
 */
export const CRM_FAILURES = {
  CRM_AUTH_FAILED: { retryable: false, category: 'auth', remedy: 'Check the credentials of the connection, then resume it.' },
  CRM_PERMISSION_DENIED: {
    retryable: false,
    category: 'permission',
    remedy: 'Give the integration user access to the object and its fields, then retry.',
  },
  CRM_CREATE_DENIED: {
    retryable: false,
    category: 'permission',
    remedy:
      'Let the integration user create records of the object, as the shipped permission set does; what was refused is written once that is seen, or by a retry.',
  },
  CRM_RATE_LIMITED: { retryable: true, category: 'limit', remedy: 'Nothing to do: the call is repeated with a growing pause.' },
  CRM_ALLOWANCE_EXHAUSTED: {
    retryable: true,
    category: 'limit',
    remedy: 'Nothing to do: work goes on when the daily allowance renews. Raise the allowance if this repeats.',
  },
  CRM_EVENTS_UNAVAILABLE: {
    retryable: true,
    category: 'unavailable',
    remedy:
      'Nothing is lost: changes are read at each poll. Run `provision` so that the CRM has the shipped channel, and let the integration user read its objects; or switch change events off.',
  },
  CRM_EVENTS_EXHAUSTED: {
    retryable: true,
    category: 'limit',
    remedy: 'Nothing is lost: changes are read at each poll, and events come again when their daily allowance renews.',
  },
  CRM_UNAVAILABLE: { retryable: true, category: 'unavailable', remedy: 'Nothing to do: the call is repeated until the CRM answers.' },
  CRM_RECORD_LOCKED: { retryable: true, category: 'unavailable', remedy: 'Nothing to do: the row is written again when the lock is gone.' },
  CRM_RECORD_IN_APPROVAL: {
    retryable: true,
    category: 'unavailable',
    remedy:
      'Have the approval in the CRM decided or recalled, or let the integration user modify all records of the object; the row is written once it is unlocked.',
  },
  CRM_VALUE_INVALID: {
    retryable: false,
    category: 'invalid_value',
    remedy: 'Mend the value that the CRM names, or relax its rule, then retry.',
  },
  CRM_FIELD_UNKNOWN: {
    retryable: false,
    category: 'mapping',
    remedy: 'Run `provision` for the connection, or correct the mapping, then retry.',
  },
  CRM_DUPLICATE: {
    retryable: false,
    category: 'duplicate',
    remedy: 'Merge the records the CRM names, or free the unique value, then retry.',
  },
  CRM_REFERENCE_MISSING: {
    retryable: false,
    category: 'association',
    remedy: 'Make sure the parent record exists in the CRM, then retry.',
  },
  CRM_RECORD_GONE: { retryable: false, category: 'deleted_or_merged', remedy: 'Restore the record in the CRM and retry, or skip.' },
  CRM_OWNER_INVALID: { retryable: false, category: 'owner', remedy: 'Choose an active user of the CRM, then retry.' },
  CRM_REQUEST_INVALID: { retryable: false, category: 'mapping', remedy: 'This is a defect of the adapter: report it with the message.' },
} as const;

export type CrmFailureCode = keyof typeof CRM_FAILURES;

/** The one error an adapter throws. `message` holds the CRM's own words, without headers, tokens or bodies. */
export class CrmFailure extends Error {
  readonly code: CrmFailureCode;
  /** When the CRM said when to come back. */
  readonly retryAfterMs: number | null;

  constructor(code: CrmFailureCode, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CrmFailure';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
