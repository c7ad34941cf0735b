import { generateKeyPairSync, sign } from 'node:crypto';

/** A certificate for `localhost` and `127.0.0.1` that signs itself, made anew for each run: PEM. */
export function selfSignedCertificate(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(element(0x31, sequence(OID.commonName, element(0x0c, Buffer.from('localhost')))));
  const alternatives = sequence(element(0x82, Buffer.from('localhost')), element(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    sequence(OID.subjectAltName, element(0x04, alternatives)),
    sequence(OID.basicConstraints, element(0x01, Buffer.from([0xff])), element(0x04, sequence(element(0x01, Buffer.from([0xff]))))),
  );
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.from([1])),
    sequence(OID.ecdsaWithSha256),
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, extensions),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, sequence(OID.ecdsaWithSha256), element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return { cert: pem('CERTIFICATE', certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

const OID = {
  commonName: element(0x06, Buffer.from('550403', 'hex')),
  subjectAltName: element(0x06, Buffer.from('551d11', 'hex')),
  basicConstraints: element(0x06, Buffer.from('551d13', 'hex')),
  ecdsaWithSha256: element(0x06, Buffer.from('2a8648ce3d040302', 'hex')),
} as const;

/** DER: a tag, the length of the content, the content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function time(text: string): Buffer {
  return element(0x17, Buffer.from(text));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
