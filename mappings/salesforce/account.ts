import { country, domain, identifier, line, reference, startOfDay } from '../codec.ts';
import type { ObjectMapping } from '../field-mapping.ts';

/**
 * Customer accounts come in as evidence. `AccountNumber` is a number that sales gives, not one of a company register, so it is not taken; `DunsNumber` exists only
 * in organisations with Data.com, and a query for a field that is not there fails whole.
 */
export const salesforceAccount: ObjectMapping = {
  objectType: 'account',
  object: 'Account',
  externalId: null,
  whereNotNull: null,
  fields: [
    // Shows that a partner's account lost its id, which the capture of partners cannot see.
    { ours: 'partnerId', theirs: 'Partner_Id__c', policy: 'theirs', ...identifier(36) },
    { ours: 'name', theirs: 'Name', policy: 'theirs', ...line(255) },
    { ours: 'domain', theirs: 'Website', policy: 'theirs', ...domain(255) },
    { ours: 'country', theirs: 'BillingCountry', policy: 'theirs', ...country() },
    { ours: 'postalCode', theirs: 'BillingPostalCode', policy: 'theirs', ...line(20) },
    { ours: 'phone', theirs: 'Phone', policy: 'theirs', ...line(40) },
    { ours: 'parent', theirs: 'ParentId', policy: 'theirs', reference: 'account', ...reference() },
    { ours: 'owner', theirs: 'OwnerId', policy: 'theirs', reference: 'user', ...reference() },
    // The latest due date of a task or event. https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_account.htm
    { ours: 'lastActivityAt', theirs: 'LastActivityDate', policy: 'theirs', ...startOfDay() },
  ],
  complete: (values) => ({ ...values, companyNumber: null }),
};
