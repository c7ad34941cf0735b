import { fieldOfColumn } from '../../../../sandbox/salesforce/screen/column-name.ts';
import { buildSchema, findObject } from '../../../../sandbox/salesforce/schema/catalogue.ts';
import { readShippedObjects } from '../../../../sandbox/salesforce/schema/metadata-file.ts';
import { METADATA_ROOT } from '../opened-org.ts';

describe('fieldOfColumn', () => {
  const schema = buildSchema(readShippedObjects(METADATA_ROOT));

  it.each([
    ['Deal_Registration__c', 'NAME', 'Name'],
    ['Deal_Registration__c', 'Status__c', 'Status__c'],
    ['Deal_Registration__c', 'OWNER.ALIAS', 'OwnerId'],
    ['Deal_Registration__c', 'CREATED_DATE', 'CreatedDate'],
    ['Deal_Registration__c', 'UPDATEDBY_USER', 'LastModifiedById'],
    ['Opportunity', 'OPPORTUNITY.STAGE_NAME', 'StageName'],
    ['Opportunity', 'ACCOUNT.NAME', 'AccountId'],
    ['Account', 'ACCOUNT.NAME', 'Name'],
    ['Account', 'ACCOUNT.ADDRESS1_COUNTRY', 'BillingCountry'],
    ['Contact', 'FULL_NAME', 'Name'],
    ['Task', 'DUE_DATE', 'ActivityDate'],
    ['Opportunity', 'Nothing__c', null],
    ['Opportunity', 'ACCOUNT.PHONE1', null],
    ['User', 'OWNER.ALIAS', null],
  ])('reads on %s the column %s as %s', (object, column, field) => {
    const definition = findObject(schema, object);
    expect(definition === null ? 'no object' : fieldOfColumn(definition, column)).toBe(field);
  });
});
