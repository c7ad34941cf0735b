import type { Partner } from '../../store/partner.ts';
import type { PartnerAnswer } from '../schemas/partner.ts';

export function presentPartner({
  partnerId,
  externalId,
  name,
  domain,
  country,
  type,
  track,
  tier,
  status,
  manager,
  regions,
  companyNumber,
  email,
}: Partner): PartnerAnswer {
  return {
    id: partnerId,
    externalId,
    name,
    domain,
    country,
    type,
    track,
    tier,
    status,
    manager,
    regions: [...regions],
    companyNumber,
    email,
  };
}
