/** Faults that a test asks for: which call is hit, how often, and by what. Scripted and counted, so that a run can be repeated. */

import { z } from 'zod';

/**
 * What can happen to a call.
 *
 * Before it is processed: `status` (an answer with that status), `unauthorized`, `limit` (of the day), `concurrent_limit`, `unavailable` (HTML), `hang` (no answer),
 * `drop` (the connection is cut), `row_lock` (the rows cannot be locked), `delay` (nothing but lateness).
 * After it was processed: `truncate` (half an answer), `slow` (the second half of it comes `delayMs` late), `html` (a page in place of the body, under the same status),
 * `lost_answer` (none).
 */
export const FAULTS = [
  'status',
  'unauthorized',
  'limit',
  'concurrent_limit',
  'unavailable',
  'hang',
  'truncate',
  'slow',
  'html',
  'drop',
  'lost_answer',
  'row_lock',
  'delay',
] as const;

const faultRule = z
  .strictObject({
    /** `*` is every method. */
    method: z.string().min(1).default('*'),
    /** A prefix of the path, from the root or below the API's version; `*` stands for any characters, `{id}` for one segment. */
    path: z.string().min(1).default('/'),
    /** The first matching call that is hit, counted from 1. */
    nth: z.int().min(1).default(1),
    /** How many matching calls are hit from there on. */
    times: z.int().min(1).default(1),
    fault: z.enum(FAULTS),
    status: z.int().min(300).max(599).optional(),
    delayMs: z.int().min(0).max(600_000).optional(),
    /** Of a fault that is an answer: in how many seconds the caller is to come back. */
    retryAfterSeconds: z.int().min(0).max(604_800).optional(),
    /** `row_lock` only: the rows of the request that are hit, counted from 0; all of them when left out. */
    rows: z.array(z.int().min(0)).optional(),
  })
  .refine((rule) => rule.fault !== 'status' || rule.status !== undefined, {
    path: ['status'],
    message: 'is required for the fault "status"',
  })
  .refine((rule) => !['delay', 'slow'].includes(rule.fault) || rule.delayMs !== undefined, {
    path: ['delayMs'],
    message: 'is required for the faults "delay" and "slow"',
  });

export const faultRequest = z.strictObject({ rules: z.array(faultRule) });
export type FaultRule = z.infer<typeof faultRule>;

export interface FaultBook {
  /** Replaces all rules; counting starts anew. */
  readonly replace: (rules: readonly FaultRule[]) => void;
  /** The rule that hits this call, or null. Every matching rule counts the call, the first one that is due hits. */
  readonly hit: (method: string, path: string) => FaultRule | null;
  /** The rules in their order, with the calls that each of them has hit. */
  readonly rules: () => readonly (FaultRule & { readonly hits: number })[];
}

interface CountedRule {
  readonly rule: FaultRule;
  readonly pattern: RegExp;
  seen: number;
  hits: number;
}

/** `relativePath` gives the part of a path below the API's version, so that rules need not name one. */
export function createFaultBook(relativePath: (path: string) => string): FaultBook {
  let counted: CountedRule[] = [];
  return {
    replace: (rules) => {
      counted = rules.map((rule) => ({ rule, pattern: pathPattern(rule.path), seen: 0, hits: 0 }));
    },
    hit: (method, path) => {
      const matching = counted.filter((each) => matches(each, method, path) || matches(each, method, relativePath(path)));
      for (const each of matching) each.seen += 1;
      const due = matching.find(({ rule, seen }) => seen >= rule.nth && seen < rule.nth + rule.times);
      if (due === undefined) return null;
      due.hits += 1;
      return due.rule;
    },
    rules: () => counted.map(({ rule, hits }) => ({ ...rule, hits })),
  };
}

function matches({ rule, pattern }: CountedRule, method: string, path: string): boolean {
  return (rule.method === '*' || rule.method.toUpperCase() === method) && pattern.test(path);
}

function pathPattern(path: string): RegExp {
  const escaped = path
    .split(/(\*|\{[a-z]+\})/)
    .map((part) => (part === '*' ? '.*' : /^\{[a-z]+\}$/.test(part) ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${escaped.join('')}`, 'i');
}
