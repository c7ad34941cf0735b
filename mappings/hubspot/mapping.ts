import type { CrmMapping } from '../crm-mapping.ts';
import { hubspotAccount } from './account.ts';
import { hubspotOpportunity } from './opportunity.ts';
import { hubspotPartner } from './partner.ts';
import { hubspotRegistration } from './registration.ts';
import { hubspotTask } from './task.ts';
import { hubspotUser } from './user.ts';

/** A portal that keeps its registrations in the custom object `deal_registration`. */
export const hubspotMapping: CrmMapping = {
  user: hubspotUser,
  account: hubspotAccount,
  partner: hubspotPartner,
  opportunity: hubspotOpportunity,
  registration: hubspotRegistration,
  task: hubspotTask,
};
