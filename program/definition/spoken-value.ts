import { formatDuration, type Duration, type WrittenDuration } from '../duration.ts';
import { formatMoney } from '../money.ts';
import type { Money } from '../vocabulary.ts';

/** A value of a definition as people read it: `90 days`, `USD 5,000.00`, `none`, `a, b`, `{ label: MSP }`. Nothing of it is left out. */
export function speak(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(speakWithin).join(', ');
  if (isDuration(value)) return speakDuration(value);
  if (isMoney(value)) return formatMoney(value);
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{ ${parts.map(([key, part]) => `${key}: ${speakWithin(part)}`).join(', ')} }`;
}

/** Lists within something else keep their brackets. */
function speakWithin(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(speakWithin).join(', ')}]` : speak(value);
}

function speakDuration(duration: WrittenDuration): string {
  const { restated } = duration;
  return restated === null || restated === undefined
    ? formatDuration(duration)
    : `${formatDuration(duration)} (${formatDuration(restated)})`;
}

function isDuration(value: object): value is WrittenDuration {
  const { amount, unit } = value as Partial<Duration>;
  return typeof amount === 'number' && typeof unit === 'string';
}

function isMoney(value: object): value is Money {
  const { amount, currency } = value as Partial<Money>;
  return typeof amount === 'string' && typeof currency === 'string' && Object.keys(value).length === 2;
}
