import { sealOf } from '../../../crm/salesforce/session-shelf.ts';

const ADDRESS = 'https://acme.my.salesforce.com';
const REFRESH = { kind: 'refresh_token', clientId: 'dealkeeper', clientSecret: 'x', refreshToken: 'first' } as const;
const SIGNED = {
  kind: 'jwt',
  clientId: 'dealkeeper',
  username: 'integration@acme.example',
  audience: 'a',
  privateKeyPem: 'key',
} as const;

describe('sealOf', () => {
  // Made by the release that first kept sessions. A refresh token on a shelf may be the only one that is good: it has to be found and opened for good.
  it.each([
    [
      'a refresh token',
      REFRESH,
      '1aa2bfb24a1f9ee9ad57a8e417df7040',
      '/uIxWlR3t51b2ADPmFIOo/jbZJL/N3Pl+4j8QYF0y1fEsMP1/9mpFsUCnhpcMFUWsa0PS75FNxvckYz4JawaWa+tWBIBNNmyI/E9CA==',
      { accessToken: 'access', refreshToken: 'second' },
    ],
    [
      'an assertion',
      SIGNED,
      'be2c1c0f7288d0ebba76f0cee87860fa',
      'q9HVMLCwGMmP7aNoV6zwp4/htQiGtPIuX0/ZRS8knqfQY0LWtyjlfipTVf/bp7EpVCAja/L8inwZF0QNg8Xx8s9Z0yE8/P0m',
      { accessToken: 'access', refreshToken: null },
    ],
  ])('opens what was sealed for %s before', (_what, auth, credentials, sealed, session) => {
    const seal = sealOf('salesforce', ADDRESS, auth);
    expect([seal.place, seal.open(sealed)]).toEqual([{ connection: 'salesforce', credentials }, session]);
  });

  it('opens nothing of another secret, app or org', () => {
    const sealed = sealOf('salesforce', ADDRESS, REFRESH).seal({ accessToken: 'access', refreshToken: 'second', endsAtMs: 5 });
    expect(sealOf('salesforce', ADDRESS, REFRESH).open(sealed)).toEqual({ accessToken: 'access', refreshToken: 'second', endsAtMs: 5 });
    for (const other of [
      sealOf('salesforce', ADDRESS, { ...REFRESH, refreshToken: 'other' }),
      sealOf('salesforce', ADDRESS, { ...REFRESH, clientId: 'other' }),
      sealOf('salesforce', 'https://other.my.salesforce.com', REFRESH),
    ])
      expect(other.open(sealed)).toBeNull();
  });
});
