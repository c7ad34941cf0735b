import { z } from 'zod';
import type { Program } from '../../program/definition/program.ts';
import { PARTNER_STATUSES } from '../../program/vocabulary.ts';
import { country } from './country.ts';
import { declaredId, declaredIds } from './declared.ts';
import { domain } from './domain.ts';
import { emailAddress } from './email-address.ts';
import { alias, body, line, word } from './text.ts';

/** A partner, as `PUT /v1/partners/{externalId}` takes it: complete, so that what is left out is taken off. */
export function createPartnerBody(program: () => Program) {
  return body({
    name: line(255),
    domain: domain.nullable(),
    country,
    type: declaredId(() => program().types.map(({ id }) => id)),
    track: declaredId(() => program().tracks.map(({ id }) => id))
      .nullish()
      .transform((track) => track ?? null),
    tier: declaredId(() => program().tracks.flatMap(({ tiers }) => tiers.map(({ id }) => id)))
      .nullish()
      .transform((tier) => tier ?? null),
    status: word(PARTNER_STATUSES),
    manager: managerOf(program)
      .nullish()
      .transform((manager) => manager ?? null),
    regions: declaredIds(() => program().regions.map(({ id }) => id))
      .nullish()
      .transform((regions) => regions ?? []),
    companyNumber: line(64)
      .nullish()
      .transform((companyNumber) => companyNumber ?? null),
    email: emailAddress.nullish().transform((email) => email ?? null),
  });
}

/** Somebody who decides nothing could not answer for a partner: the manager is one of the people of the ladder. */
function managerOf(program: () => Program) {
  return alias.check((context) => {
    if (context.issues.length > 0) return;
    const deciders = decidersOf(program());
    if (deciders.includes(context.value)) return;
    context.issues.push({
      code: 'custom',
      message: `expected a user who decides by the program: ${deciders.join(', ')}`,
      path: [],
      input: context.value,
    });
  });
}

function decidersOf({ governance }: Program): readonly string[] {
  const members = governance.ladder.flatMap(({ role }) => governance.roles.find((candidate) => candidate.id === role)?.members ?? []);
  return [...new Set(members)];
}

export const partnerAnswer = z.object({
  id: z.string(),
  externalId: z.string(),
  name: z.string(),
  domain: z.string().nullable(),
  country: z.string(),
  type: z.string(),
  track: z.string().nullable(),
  tier: z.string().nullable(),
  status: z.enum(PARTNER_STATUSES),
  manager: z.string().nullable(),
  regions: z.array(z.string()),
  companyNumber: z.string().nullable(),
  email: z.string().nullable(),
});
export type PartnerAnswer = z.output<typeof partnerAnswer>;
