import { z } from 'zod';
import { paragraphs, type ValueShape } from './codec.ts';

const ESCAPES: readonly (readonly [RegExp, string])[] = [
  [/&/g, '&amp;'],
  [/</g, '&lt;'],
  [/>/g, '&gt;'],
  [/\n/g, '<br>'],
];

/**
 * Several lines of free text in a field that the CRM shows as HTML: what looks like markup, in the name of a customer say, is shown as it stands. `length`: the most
 * characters of the text, each of which may take five in the field. It is for what is written and never read: what is read stays as it is.
 */
export function markup(length: number): ValueShape {
  const shape = paragraphs(length);
  const encode = (value: string): string => ESCAPES.reduce((text, [character, escape]) => text.replace(character, escape), value);
  const codec = z.codec(shape.codec.in, shape.codec.out, {
    decode: (value) => (value === null ? null : String(value)),
    encode: (value) => {
      const plain = value === null ? null : z.encode(shape.codec, value);
      return typeof plain === 'string' ? encode(plain) : plain;
    },
  });
  return { ...shape, codec };
}
