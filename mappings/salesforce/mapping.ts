import type { CrmMapping } from '../crm-mapping.ts';
import { salesforceAccount } from './account.ts';
import { salesforceOpportunity } from './opportunity.ts';
import { salesforcePartner } from './partner.ts';
import { salesforceRegistration } from './registration.ts';
import { salesforceTask } from './task.ts';
import { salesforceUser } from './user.ts';

export const salesforceMapping: CrmMapping = {
  user: salesforceUser,
  account: salesforceAccount,
  partner: salesforcePartner,
  opportunity: salesforceOpportunity,
  registration: salesforceRegistration,
  task: salesforceTask,
};
