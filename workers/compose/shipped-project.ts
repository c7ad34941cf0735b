import type { RegistrationObject } from '../../mappings/salesforce/registration-object.ts';

/** What is shipped into every org, below the root of the clone. */
export const SHIPPED_PROJECT = 'crm/salesforce';

/** The Salesforce DX project, below the shipped one, with the fields that `registrationObject` needs; null where the shipped one has them. */
export function extensionProject(registrationObject: RegistrationObject): string | null {
  switch (registrationObject) {
    case 'Deal_Registration__c':
      return null;
    case 'Lead':
      return 'registration-on-lead';
    case 'Opportunity':
      return 'registration-on-opportunity';
  }
}
