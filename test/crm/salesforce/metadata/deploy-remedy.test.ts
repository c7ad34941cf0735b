import { remedyOf } from '../../../../crm/salesforce/metadata/deploy-remedy.ts';

describe('remedyOf', () => {
  it.each([
    ['Cannot change the type of Account.X__c from Text to Number due to existing data', /^Empty the field/],
    ['There is already a Child Relationship named Registrations on Account.', /^Rename what is there/],
    ['You cannot deploy to a required field: Account.X__c', /made required/],
    ['In field: field - no CustomField named Account.X__c found', /^A field that this builds on/],
    ['In field: queue - no Queue named Deal_Desk found', /^What this builds on/],
    ["referenceTo value of 'X__c' does not resolve to a valid sObject type", /switch it on in Setup/],
    ['The maximum number of entities for Change Data Capture was reached', /at a limit/],
    ['Insufficient access to deploy this component', /may modify metadata/],
    ['Path is not enabled for this organization', /lacks the feature/],
    ['Error parsing file: Element X invalid at this location', /shipped project was changed/],
    ['something that nobody has seen before', /^Mend in Setup what the org names/],
  ])('for %j', (problem, remedy) => {
    expect(remedyOf(problem)).toMatch(remedy);
  });
});
