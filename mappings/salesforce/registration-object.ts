import type { ConversionMapping } from '../conversion-mapping.ts';
import type { CrmMapping } from '../crm-mapping.ts';
import type { ObjectMapping } from '../field-mapping.ts';
import { salesforceConversion } from './conversion.ts';
import { salesforceMapping } from './mapping.ts';
import { salesforceRegistrationOnLead } from './registration-on-lead.ts';
import { salesforceRegistrationOnOpportunity } from './registration-on-opportunity.ts';
import { salesforceTask } from './task.ts';

/** The objects on which an org may keep its deal registrations. */
export const REGISTRATION_OBJECTS = ['Deal_Registration__c', 'Lead', 'Opportunity'] as const;
export type RegistrationObject = (typeof REGISTRATION_OBJECTS)[number];

/** Everything about an org's records that depends on where it keeps its registrations. */
interface SalesforceProfile {
  readonly mapping: CrmMapping;
  /** Null: nothing is written on opportunities. A lead becomes one when a rep converts it, and a registration that is one needs no other. */
  readonly conversion: ConversionMapping | null;
}

export function salesforceProfile(registrationObject: RegistrationObject): SalesforceProfile {
  switch (registrationObject) {
    case 'Deal_Registration__c':
      return { mapping: salesforceMapping, conversion: salesforceConversion };
    case 'Lead': {
      // Conversion moves the activities of a lead to its contact, where they stay.
      const task = withRecord({ theirs: 'WhoId', leadsTo: 'Lead', createOnly: true });
      return { mapping: { ...salesforceMapping, registration: salesforceRegistrationOnLead, task }, conversion: null };
    }
    case 'Opportunity': {
      const task = withRecord({ theirs: 'WhatId', leadsTo: 'Opportunity' });
      return { mapping: { ...salesforceMapping, registration: salesforceRegistrationOnOpportunity, task }, conversion: null };
    }
  }
}

function withRecord(change: Partial<ObjectMapping['fields'][number]>): ObjectMapping {
  return { ...salesforceTask, fields: salesforceTask.fields.map((field) => (field.ours === 'record' ? { ...field, ...change } : field)) };
}
