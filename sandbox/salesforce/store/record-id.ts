/** Salesforce's record ids: 15 case-sensitive characters, or 18 with a suffix that makes them safe where case is lost. */

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const CODE_A = 65;
const CODE_Z = 90;

/** The 18 characters of a 15-character id: each suffix character tells which of five characters are capitals. */
export function completeId(id15: string): string {
  let suffix = '';
  for (let start = 0; start < 15; start += 5) {
    let bits = 0;
    for (let index = 0; index < 5; index += 1) {
      const code = id15.charCodeAt(start + index);
      if (code >= CODE_A && code <= CODE_Z) bits |= 1 << index;
    }
    suffix += SUFFIX.charAt(bits);
  }
  return id15 + suffix;
}

/** The 18-character form of `text`; null when it is not an id: wrong length or characters, or a suffix that does not fit. */
export function parseId(text: string): string | null {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)) return null;
  const complete = completeId(text.slice(0, 15));
  return text.length === 15 || complete === text ? complete : null;
}

/** The id of the `serial`th record with this prefix in the org that `seed` stands for. Equal arguments, equal ids. */
export function makeId(keyPrefix: string, seed: number, serial: number): string {
  return completeId(`${keyPrefix}${base62(seed, 2)}0${base62(serial, 9)}`);
}

function base62(value: number, width: number): string {
  let rest = Math.abs(Math.trunc(value));
  let digits = '';
  for (let place = 0; place < width; place += 1) {
    digits = (BASE_62[rest % 62] ?? '0') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
