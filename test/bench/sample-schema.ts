import { z } from 'zod';
import { PARTNER_STATUSES, PARTNER_TIERS, PARTNER_TRACKS, PARTNER_TYPES, REGISTRATION_KINDS } from '../../program/vocabulary.ts';

// The shapes are written from the contract, not from the generator, so that the two check each other.
const country = z.string().regex(/^[A-Z]{2}$/);
const hostname = z.string().regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/i);
const amount = z.string().regex(/^[1-9]\d*(\.\d{2})?$/);
const owner = z.enum(['rep', 'rep2']);
const days = z.int().nonnegative();

export const partnersSchema = z.array(
  z.strictObject({
    externalId: z.string().regex(/^P-\d{3}$/),
    name: z.string().min(3).max(255),
    domain: hostname,
    country,
    type: z.enum(PARTNER_TYPES),
    track: z.enum(PARTNER_TRACKS).nullable(),
    tier: z.enum(PARTNER_TIERS).nullable(),
    status: z.enum(PARTNER_STATUSES),
    manager: z.literal('manager').optional(),
  }),
);

export const OPEN_STAGES = [
  'Prospecting',
  'Qualification',
  'Needs Analysis',
  'Value Proposition',
  'Id. Decision Makers',
  'Perception Analysis',
  'Proposal/Price Quote',
  'Negotiation/Review',
] as const;

export const crmSchema = z.strictObject({
  accounts: z.array(
    z.strictObject({
      key: z.string().min(1),
      name: z.string().min(3).max(255),
      website: z.string().max(255).nullable(),
      country,
      postalCode: z.string().max(20).nullable(),
      phone: z.string().max(40).nullable(),
      owner,
      parent: z.string().nullable(),
    }),
  ),
  contacts: z.array(z.strictObject({ account: z.string(), name: z.string().min(3), email: z.email() })),
  opportunities: z.array(
    z.strictObject({
      key: z.string().min(1),
      account: z.string(),
      name: z.string().min(3).max(120),
      stage: z.enum([...OPEN_STAGES, 'Closed Won', 'Closed Lost']),
      amount,
      currency: z.literal('USD'),
      closeInDays: z.int(),
      owner,
      createdDaysAgo: days,
      lastActivityDaysAgo: days.nullable(),
    }),
  ),
});

export const LABELS = [
  'clean_auto',
  'clean_review',
  'duplicate_same_partner',
  'conflict_active',
  'conflict_probable',
  'direct_early',
  'direct_late_active',
  'direct_stale',
  'ineligible',
  'below_minimum',
] as const;

export const registrationsSchema = z.array(
  z.strictObject({
    registration: z.strictObject({
      externalId: z.string().regex(/^DR-\d{4}$/),
      partnerId: z.string(),
      customer: z.strictObject({
        name: z.string().min(2).max(255),
        domain: hostname.optional(),
        country,
        postalCode: z.string().max(20).optional(),
        companyNumber: z.string().max(40).optional(),
      }),
      contact: z.strictObject({ name: z.string().min(3), email: z.email() }),
      productLines: z
        .array(z.enum(['platform', 'analytics', 'automation']))
        .min(1)
        .refine((lines) => new Set(lines).size === lines.length),
      estimatedValue: z
        .strictObject({ amount, currency: z.enum(['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'AED', 'CAD']) })
        .refine(
          (value) => value.amount.includes('.') === (value.currency !== 'JPY'),
          'the yen has no minor unit, the others have two digits',
        ),
      expectedCloseInDays: z.int().min(14).max(365),
      description: z.string().min(50).max(2_000),
      kind: z.enum(REGISTRATION_KINDS),
    }),
    label: z.enum(LABELS),
    truth: z.strictObject({ expectedOutcome: z.enum(['approved', 'denied', 'in_review']), rivalExternalId: z.string().optional() }),
  }),
);

export type Partners = z.infer<typeof partnersSchema>;
export type Crm = z.infer<typeof crmSchema>;
export type Registrations = z.infer<typeof registrationsSchema>;
export type Label = (typeof LABELS)[number];
