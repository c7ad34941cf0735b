import type { ConversionMapping } from '../conversion-mapping.ts';
import type { CrmMapping } from '../crm-mapping.ts';
import { hubspotConversion } from './conversion.ts';
import { hubspotMapping } from './mapping.ts';
import { hubspotNote } from './note.ts';
import { hubspotOpportunity } from './opportunity.ts';
import { hubspotRegistrationOnDeal } from './registration-on-deal.ts';
import { REGISTRATION_PIPELINE } from './registration-pipeline.ts';
import { hubspotTask } from './task.ts';

/** The objects in which a portal may keep its deal registrations. */
export const REGISTRATION_OBJECTS = ['deal_registration', 'deals'] as const;
export type RegistrationObject = (typeof REGISTRATION_OBJECTS)[number];

/** Everything about a portal's records that depends on where it keeps its registrations. */
interface HubspotProfile {
  readonly mapping: CrmMapping;
  readonly conversion: ConversionMapping;
}

export function hubspotProfile(registrationObject: RegistrationObject): HubspotProfile {
  switch (registrationObject) {
    case 'deal_registration':
      return { mapping: hubspotMapping, conversion: hubspotConversion('associations.deal_registration.primary_registration') };
    case 'deals':
      return {
        mapping: {
          ...hubspotMapping,
          registration: hubspotRegistrationOnDeal,
          // A registration that somebody moves to another pipeline is no opportunity: it keeps its id.
          opportunity: {
            ...hubspotOpportunity,
            where: [
              { field: 'pipeline', isNot: REGISTRATION_PIPELINE },
              { field: 'registration_id', isEmpty: true },
            ],
          },
          task: {
            ...hubspotTask,
            notes: hubspotNote('deals'),
            fields: hubspotTask.fields.map((field) =>
              field.ours === 'record' ? { ...field, theirs: 'associations.deals', leadsTo: 'deals' } : field,
            ),
          },
        },
        conversion: hubspotConversion('associations.deals.primary_registration'),
      };
  }
}
