import { namesComponent, readManifest } from '../../../../sandbox/salesforce/metadata/manifest.ts';

describe('readManifest', () => {
  const manifest = readManifest({
    types: [
      { members: ['Sales/', 'Sales/Pipeline'], name: 'Report' },
      { members: ['*'], name: 'Layout' },
    ],
    version: '66.0',
  });

  it.each([
    ['Report', 'Sales', true],
    ['Report', 'Sales/Pipeline', true],
    ['Report', 'Sales/Other', false],
    ['Layout', 'Account-Account Layout', true],
    ['Dashboard', 'Sales', false],
  ])('names the %s %s: %s', (type, fullName, expected) => {
    expect(namesComponent(manifest, type, fullName)).toBe(expected);
  });
});
