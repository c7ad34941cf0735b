import { judgeRefusal } from '../../../../crm/salesforce/stream/stream-refusal.ts';

const EVENTS = 'Organization total events daily limit exceeded';
const POSITION = 'Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.';

describe('judgeRefusal', () => {
  it.each([
    ['401::Authentication invalid', 'session'],
    ['401::Request requires authentication', 'session'],
    ['403::Handshake denied · 401::Authentication invalid', 'session'],
    ['403::Unknown client', 'client'],
    ['403::Client has not completed handshake', 'client'],
    ['400::Client 1x has established a session, but no BAYEUX_BROWSER cookie present', 'client'],
    [`400::The replayId {17} you provided was invalid. ${POSITION}`, 'position'],
    ['400::The channel you requested to subscribe to does not exist {/data/X__chn}', 'channel'],
    ['400::The channel you requested to subscribe to doesn’t exist {/data/X__chn}', 'channel'],
    ['501::Platform event channels are not built in this sandbox', 'channel'],
  ])('takes %s for a matter of the %s', (words, kind) => {
    expect(judgeRefusal(words)).toEqual({ kind });
  });

  it.each([
    [`403::${EVENTS}`, 'CRM_EVENTS_EXHAUSTED'],
    ['403::Organization concurrent user limit exceeded', 'CRM_RATE_LIMITED'],
    [
      '403::Handshake denied · 403::To protect all customers, we limit the number of simultaneous connections per server',
      'CRM_RATE_LIMITED',
    ],
    ['403::Handshake denied', 'CRM_EVENTS_UNAVAILABLE'],
    ['403::Subscriber has no access', 'CRM_EVENTS_UNAVAILABLE'],
    ['500::Something else', 'CRM_UNAVAILABLE'],
  ])('fails on %s with %s, in the org’s words', (words, code) => {
    expect(judgeRefusal(words)).toMatchObject({ kind: 'failure', failure: { code, message: words } });
  });
});
