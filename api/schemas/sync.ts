import { z } from 'zod';
import { ISSUE_CATEGORIES, OBJECT_TYPES } from '../../program/vocabulary.ts';
import { paging } from './page.ts';
import { body, line, word } from './text.ts';

const ISSUE_STATUSES = ['open', 'skipped', 'resolved'] as const;

export const syncStatusAnswer = z.object({
  connections: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['running', 'paused', 'parked']),
      reason: z.string().nullable(),
      calls: z.object({
        today: z.int(),
        limit: z.int().nullable(),
        held: z
          .enum(['background', 'all'])
          .nullable()
          .describe('what waits until there are calls again: copies for looking things up, or all sync; null where nothing does'),
        resetsAt: z
          .string()
          .nullable()
          .describe(
            'when all calls come back at once, such as at midnight of the portal; null where they come back by and by, or it is not known',
          ),
      }),
      events: z
        .object({
          state: z
            .enum(['listening', 'silent', 'away', 'paused', 'stopped', 'off'])
            .describe('silent: whoever listened has not been heard of for minutes; away: the CRM does not tell of changes, see code'),
          channels: z
            .array(z.object({ name: z.string(), position: z.string().nullable() }))
            .describe('webhooks: the CRM calls this API, and is silent while nothing changes'),
          lastEventSeconds: z.int().nullable().describe('since the last change that the CRM told of; null before the first'),
          heardSeconds: z.int().nullable().describe('since the CRM answered last, or the last delivery of webhooks; null before the first'),
          code: z.string().nullable(),
          message: z.string().nullable(),
          remedy: z.string().nullable(),
          retryAt: z.string().nullable(),
        })
        .nullable()
        .describe('how changes are heard of between two polls; null where nobody has listened yet'),
      objects: z.array(
        z.object({
          objectType: z.enum(OBJECT_TYPES),
          lagSeconds: z.int().nullable().describe('since the last committed page; null before the first'),
          pendingOut: z.int(),
          openIssues: z.int(),
        }),
      ),
    }),
  ),
});
export type SyncStatusAnswer = z.output<typeof syncStatusAnswer>;

export const issueAnswer = z.object({
  id: z.string(),
  connection: z.string(),
  objectType: z.enum(OBJECT_TYPES),
  localId: z.string().nullable(),
  remoteId: z.string().nullable(),
  category: z.enum(ISSUE_CATEGORIES),
  message: z.string(),
  remedy: z.string(),
  attempts: z.int(),
  status: z.enum(ISSUE_STATUSES),
});
export type IssueAnswer = z.output<typeof issueAnswer>;

export const issueQuery = body({ status: word(ISSUE_STATUSES).optional(), connection: line(100).optional(), ...paging });
