/** What a person has to do in the CRM about a field or an object that is not as it has to be, in the words of that CRM. Sentences. */
export interface CrmWords {
  /** Something that is shipped is not there, or is there in another form. */
  readonly deploy: string;
  /** The user of the connection lacks a right to a field. */
  readonly grant: string;
  readonly absent: (object: string) => string;
  /** Where the CRM said which right to the object is missing. */
  readonly denied: (object: string) => string;
  readonly allowRecords: (right: 'create' | 'edit') => string;
  readonly allowLookup: (object: string) => string;
  readonly addValues: (isRestricted: boolean) => string;
}

const LET_IN_AGAIN = 'Give the connection the right that is named, and where it signs in by OAuth let the app in again.';

export const SALESFORCE_WORDS: CrmWords = {
  deploy: 'Deploy the shipped objects again, or correct the mapping.',
  grant: 'Give the integration user the shipped permission set.',
  absent: () => 'Deploy the shipped objects with `provision`, and give the integration user the shipped permission set.',
  denied: () => LET_IN_AGAIN,
  allowRecords: (right) => `Let the integration user ${right} records of the object, as the shipped permission set does.`,
  allowLookup: (object) => `Allow activities on ${object}, or deploy the shipped objects again.`,
  addValues: (isRestricted) =>
    isRestricted ? 'Add the values to the restricted picklist, or deploy the shipped objects again.' : 'Add the values to the picklist.',
};
