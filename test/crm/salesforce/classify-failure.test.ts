import { CRM_FAILURES } from '../../../crm/failures.ts';
import { classifyAnswer, classifyRow, readComplaint, SALESFORCE_CODES } from '../../../crm/salesforce/classify-failure.ts';

const answer = (errorCode: string, message = 'words'): string => JSON.stringify([{ errorCode, message }]);

describe('SALESFORCE_CODES', () => {
  it('names only codes of the catalogue', () => {
    expect(Object.values(SALESFORCE_CODES).filter((code) => !(code in CRM_FAILURES))).toEqual([]);
  });
});

describe('classifyRow', () => {
  it.each([
    ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record or 1 records: 001', 'CRM_RECORD_LOCKED'],
    ['ENTITY_IS_LOCKED', 'the entity is locked for editing', 'CRM_RECORD_IN_APPROVAL'],
    ['ENTITY_IS_DELETED', 'entity is deleted', 'CRM_RECORD_GONE'],
    ['DUPLICATE_VALUE', 'duplicate value found', 'CRM_DUPLICATE'],
    ['DUPLICATES_DETECTED', 'Use one of these records?', 'CRM_DUPLICATE'],
    ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', 'CRM_VALUE_INVALID'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'The estimated value cannot be negative.', 'CRM_VALUE_INVALID'],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: Status__c', 'CRM_PERMISSION_DENIED'],
    ['INACTIVE_OWNER_OR_USER', 'owner is inactive', 'CRM_OWNER_INVALID'],
    ['INVALID_FIELD', "No such column 'foo' on sobject of type Account", 'CRM_FIELD_UNKNOWN'],
    ['INVALID_FIELD', 'Foreign key external ID: p-9 not found for field Partner_Id__c in entity Account', 'CRM_REFERENCE_MISSING'],
    ['CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead', 'CRM_RECORD_GONE'],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'DealTrigger: execution of AfterUpdate: Update failed', 'CRM_VALUE_INVALID'],
    [
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'DealTrigger: execution of AfterUpdate: Update failed. first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access',
      'CRM_RECORD_LOCKED',
    ],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be inserted: Deal Registration', 'CRM_CREATE_DENIED'],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be updated: Deal Registration', 'CRM_PERMISSION_DENIED'],
    ['CANNOT_EXECUTE_FLOW_TRIGGER', 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record', 'CRM_RECORD_LOCKED'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Never type UNABLE_TO_LOCK_ROW here.', 'CRM_VALUE_INVALID'],
    ['SOMETHING_NEW', 'words', 'CRM_VALUE_INVALID'],
  ])('%s (%s) is %s', (code, message, expected) => {
    expect(classifyRow({ code, message })).toBe(expected);
  });
});

describe('classifyAnswer', () => {
  it.each([
    [
      'a daily allowance that is used up',
      403,
      answer('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
      'CRM_ALLOWANCE_EXHAUSTED',
    ],
    [
      'too many calls at once',
      403,
      answer('REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
      'CRM_RATE_LIMITED',
    ],
    ['a missing object', 404, answer('NOT_FOUND'), 'CRM_FIELD_UNKNOWN'],
    ['a missing right', 403, answer('INSUFFICIENT_ACCESS'), 'CRM_PERMISSION_DENIED'],
    ['a locator that expired', 400, answer('INVALID_QUERY_LOCATOR'), 'CRM_UNAVAILABLE'],
    ['a lock on the whole call', 400, answer('UNABLE_TO_LOCK_ROW'), 'CRM_RECORD_LOCKED'],
    ['a code that is not listed, by status', 400, answer('SOMETHING_NEW'), 'CRM_REQUEST_INVALID'],
    ['the page of an edge server', 503, '<html>down</html>', 'CRM_UNAVAILABLE'],
    ['an expired org', 420, '<html></html>', 'CRM_UNAVAILABLE'],
    ['an empty 406', 406, '', 'CRM_UNAVAILABLE'],
    ['too many', 429, '', 'CRM_RATE_LIMITED'],
    ['what is not built', 501, '{}', 'CRM_REQUEST_INVALID'],
    ['an address that is too long', 414, '', 'CRM_REQUEST_INVALID'],
    ['a page in place of a refusal', 400, '<html>', 'CRM_UNAVAILABLE'],
    ['a page in place of a missing right', 403, '\n<!doctype html>', 'CRM_UNAVAILABLE'],
    ['a page about a session', 401, '<html>', 'CRM_AUTH_FAILED'],
    ['a precondition that does not hold', 412, '', 'CRM_REQUEST_INVALID'],
    ['several rows for one external id', 300, '["/services/data/v66.0/sobjects/Account/001"]', 'CRM_DUPLICATE'],
  ])('%s', (_what, status, body, code) => {
    expect(classifyAnswer(status, body, undefined).code).toBe(code);
  });

  it("keeps the CRM's words, and never a body that is not its own", () => {
    expect(classifyAnswer(400, answer('MALFORMED_QUERY', 'unexpected token: x'), undefined).message).toBe(
      'MALFORMED_QUERY: unexpected token: x',
    );
    expect(classifyAnswer(502, '<html>secret</html>', undefined).message).toBe('HTTP 502 without a readable reason');
  });

  it('names the records among which the org cannot choose', () => {
    const urls = ['/services/data/v66.0/sobjects/Account/001A', '/services/data/v66.0/sobjects/Account/001B'];
    expect(classifyAnswer(300, JSON.stringify(urls), undefined).message).toBe('MULTIPLE_CHOICES: several records match: 001A, 001B');
  });

  it.each([
    ['5', 5_000],
    ['0', 0],
    ['soon', null],
    [undefined, null],
  ])('reads Retry-After %j', (header, retryAfterMs) => {
    expect(classifyAnswer(429, '', header).retryAfterMs).toBe(retryAfterMs);
  });
});

describe('readComplaint', () => {
  it.each([
    ['of REST', answer('A', 'b'), { code: 'A', message: 'b' }],
    ['of the token endpoint', '{"error":"invalid_grant","error_description":"no"}', { code: 'invalid_grant', message: 'no' }],
    ['of nobody', '[]', null],
    ['of a page', '<html>', null],
  ])('reads the complaint %s', (_what, body, complaint) => {
    expect(readComplaint(body)).toEqual(complaint);
  });
});
