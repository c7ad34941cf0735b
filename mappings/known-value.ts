import { z } from 'zod';
import type { RemoteValue } from '../crm/port.ts';
import type { CanonicalValue, ValueCodec } from './codec.ts';

type Decoded = ReturnType<typeof z.safeDecode<ValueCodec>>;
type Encoded = ReturnType<typeof z.safeEncode<ValueCodec>>;

interface Known {
  readonly decoded: Map<RemoteValue, Decoded>;
  readonly encoded: Map<CanonicalValue, Encoded>;
}

/** A record is brought into its form several times while it is carried, and many have the same values: codecs are asked once for each of the last ones. */
const known = new WeakMap<ValueCodec, Known>();
const MOST_VALUES = 2_000;
/** Longer texts are rarely the same, and would fill the memory. */
const LONGEST_TEXT = 300;

export function decodeKnown(codec: ValueCodec, value: RemoteValue): Decoded {
  return remembered(knownOf(codec).decoded, value, () => z.safeDecode(codec, value));
}

export function encodeKnown(codec: ValueCodec, value: CanonicalValue): Encoded {
  return remembered(knownOf(codec).encoded, value, () => z.safeEncode(codec, value));
}

function knownOf(codec: ValueCodec): Known {
  const found = known.get(codec) ?? { decoded: new Map(), encoded: new Map() };
  known.set(codec, found);
  return found;
}

function remembered<Value, Result>(results: Map<Value, Result>, value: Value, ask: () => Result): Result {
  if (typeof value === 'string' && value.length > LONGEST_TEXT) return ask();
  const found = results.get(value);
  if (found !== undefined) return found;
  if (results.size >= MOST_VALUES) results.clear();
  const result = ask();
  results.set(value, result);
  return result;
}
