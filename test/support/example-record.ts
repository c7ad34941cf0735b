import { NO_FACTS } from '../../program/claim.ts';
import type { PartnerFields } from '../../store/partner.ts';
import type { NewClaim } from '../../store/receipt.ts';
import { ACME } from '../program/example.ts';

export const PARTNER: PartnerFields = {
  name: 'Aster Consulting',
  domain: 'aster.example',
  country: 'US',
  type: 'reseller',
  track: 'solution',
  tier: 'gold',
  status: 'active',
  manager: null,
  regions: [],
  companyNumber: null,
};

export const CLAIM: Omit<NewClaim, 'registrationId' | 'externalId' | 'partnerId' | 'contentDigest'> = {
  origin: 'api',
  kind: 'resale',
  facts: NO_FACTS,
  customer: { name: 'Northwind Inc', domain: 'northwind.example', country: 'US', postalCode: null, companyNumber: null },
  contact: { name: null, email: null },
  productLines: ['platform'],
  estimatedValue: { amount: '20000.00', currency: 'USD' },
  expectedCloseDate: '2027-03-31',
  description: 'Two sites.',
  evidence: [],
  programVersion: ACME.version,
};
