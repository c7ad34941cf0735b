import type { z } from 'zod';
import { cases } from './case.ts';
import { intakeFact } from './condition.ts';
import { conflictRules, precedence } from './conflict-rule.ts';
import { conversion } from './conversion.ts';
import type { DeepReadonly } from './deep-readonly.ts';
import { maturityRow, metric, scaleRow, split, trackEconomics, vision } from './economics.ts';
import { governance } from './governance.ts';
import { launchPhase, productLine, programDocument, system } from './operation.ts';
import { eligibility, partnerMeasure, partnerType, track } from './partner.ts';
import { appeal, freeze, protection, transfer, waitlist } from './protection.ts';
import {
  calendar,
  clocks,
  directOpportunity,
  evidenceRule,
  listedAccount,
  matching,
  rateTable,
  region,
  returned,
  routing,
} from './review.ts';
import { anyOf, id, listOf, plainDate, section, text, version, wholeNumber } from './scalar.ts';

/** How many partners there are, for what is judged by size. */
const size = section({ activePartners: wholeNumber(0, 10_000_000) });

/** A partner program as it is written down: one version, in force from `effectiveFrom` on (00:00 in the default calendar's zone). */
export const programSchema = section({
  id,
  name: text,
  version,
  effectiveFrom: plainDate,

  vision: vision.nullable().default(null),
  size: size.nullable().default(null),
  types: anyOf(partnerType),
  measures: anyOf(partnerMeasure).default([]),
  tracks: anyOf(track),
  economics: anyOf(trackEconomics),
  splits: anyOf(split).default([]),
  governance,
  documents: anyOf(programDocument).default([]),
  systems: anyOf(system).default([]),
  launch: anyOf(launchPhase).default([]),
  scale: anyOf(scaleRow).default([]),
  maturity: anyOf(maturityRow).default([]),
  metrics: anyOf(metric).default([]),

  kinds: listOf(section({ id, label: text })),
  productLines: listOf(productLine),
  regions: anyOf(region).default([]),
  accounts: anyOf(listedAccount).default([]),
  intake: anyOf(intakeFact).default([]),
  /** Facts of every claim that this program requires; see `BUILT_IN_FACTS`. */
  requiredFacts: anyOf(id).default([]),
  eligibility,
  rates: rateTable,
  routing,
  calendars: listOf(calendar),
  defaultCalendar: id,
  clocks: clocks.prefault({}),
  freezes: anyOf(freeze).default([]),
  returned,
  protection,
  appeal,
  transfer: transfer.prefault({}),
  waitlist,
  evidence: evidenceRule,
  matching,
  directOpportunities: directOpportunity,
  precedence: precedence.default(['first_valid_claim']),
  rules: conflictRules,
  conversion: conversion.prefault({}),
  cases: cases.prefault({}),
});

export type Program = DeepReadonly<z.output<typeof programSchema>>;
