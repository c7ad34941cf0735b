import type { z } from 'zod';
import { conflictRules } from './conflict-rule.ts';
import { maturityRow, metric, scaleRow, trackEconomics, vision } from './economics.ts';
import { governance } from './governance.ts';
import { launchPhase, productLine, programDocument, system } from './operation.ts';
import { eligibility, partnerType, track } from './partner.ts';
import { appeal, protection, waitlist } from './protection.ts';
import { calendar, directOpportunity, evidenceRule, matching, rateTable, returned, routing } from './review.ts';
import { id, listOf, plainDate, section, text } from './scalar.ts';

/** A partner program as it is written down: one version, in force from `effectiveFrom` on (00:00 in the default calendar's zone). */
export const programSchema = section({
  id,
  name: text,
  version: text,
  effectiveFrom: plainDate,

  vision,
  types: listOf(partnerType),
  tracks: listOf(track),
  economics: listOf(trackEconomics),
  governance,
  documents: listOf(programDocument),
  systems: listOf(system),
  launch: listOf(launchPhase),
  scale: listOf(scaleRow),
  maturity: listOf(maturityRow),
  metrics: listOf(metric),

  productLines: listOf(productLine),
  eligibility,
  rates: rateTable,
  routing,
  calendars: listOf(calendar),
  defaultCalendar: id,
  returned,
  protection,
  appeal,
  waitlist,
  evidence: evidenceRule,
  matching,
  directOpportunities: directOpportunity,
  rules: conflictRules,
});

type DeepReadonly<T> = T extends string | number | boolean | null | undefined ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };

export type Program = DeepReadonly<z.output<typeof programSchema>>;
