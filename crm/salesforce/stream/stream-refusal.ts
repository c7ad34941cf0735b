import { CrmFailure, type CrmFailureCode } from '../../failures.ts';

/** What follows from a refusal. `session`: ask for another one. `client`: shake hands again. `position`: it is not known any more. `channel`: there is none of the name. */
export type StreamRefusal =
  | { readonly kind: 'session' }
  | { readonly kind: 'client' }
  | { readonly kind: 'position' }
  | { readonly kind: 'channel' }
  | { readonly kind: 'failure'; readonly failure: CrmFailure };

/**
 * The refusals of the Streaming API, which have no codes but their text.
 * https://developer.salesforce.com/docs/atlas.en-us.api_streaming.meta/api_streaming/streaming_error_codes.htm
 * The first that fits counts: a denied handshake says further on whether it was the session.
 */
const REFUSALS: readonly (readonly [text: RegExp, follows: Exclude<StreamRefusal['kind'], 'failure'> | CrmFailureCode])[] = [
  [/\b401::/, 'session'],
  [/^403::Unknown client|^402:|not completed handshake|no \w+ cookie present/i, 'client'],
  [/replayId/i, 'position'],
  [/channel you requested.*(does not|doesn.t) exist|^404:|^501:/i, 'channel'],
  [/events? (daily|hourly) limit|daily limit exceeded/i, 'CRM_EVENTS_EXHAUSTED'],
  [/concurrent (user|client)|simultaneous connections|^503:|^429:/i, 'CRM_RATE_LIMITED'],
  [/^403:/, 'CRM_EVENTS_UNAVAILABLE'],
];

const MAX_MESSAGE_LENGTH = 300;

export function judgeRefusal(words: string): StreamRefusal {
  const follows = REFUSALS.find(([text]) => text.test(words))?.[1] ?? 'CRM_UNAVAILABLE';
  return isCode(follows) ? { kind: 'failure', failure: new CrmFailure(follows, words.slice(0, MAX_MESSAGE_LENGTH)) } : { kind: follows };
}

function isCode(follows: (typeof REFUSALS)[number][1]): follows is CrmFailureCode {
  return follows.startsWith('CRM_');
}
