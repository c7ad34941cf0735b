import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
/** Colours that are nearer than this, in squared steps of a channel, share a place in the palette, so that rare ones get one too. */
const NEAR = 25;
/** Colour types of a PNG with 8 bits a channel, and how many channels they have. https://www.w3.org/TR/png-3/#6Colour-values */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };
const PALETTE = 3;

/**
 * The picture with a palette of 256 colours, the most frequent first, and each pixel in the nearest of them: a third of the size, and to the eye the same where it
 * shows text on plain ground. Transparency is dropped.
 *
 * @throws Error for anything but an uninterlaced PNG with 8 bits a channel, which is what browsers write.
 */
export function toPalettePng(png: Buffer): Buffer {
  const { width, height, pixels } = readPixels(png);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = choosePalette(counts);
  const indexOf = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1) {
    // The first byte of a row names its filter; none serves pictures with a palette best.
    for (let column = 0; column < width; column += 1)
      rows[row * (width + 1) + 1 + column] = indexOf.get(pixels[row * width + column] ?? 0) ?? 0;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, PALETTE], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Width, height and every pixel as 0xRRGGBB, row by row. */
export function readPixels(png: Buffer): { readonly width: number; readonly height: number; readonly pixels: Uint32Array } {
  const chunks = readChunks(png);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data ?? Buffer.alloc(13);
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const channels = CHANNELS[head[9] ?? 0];
  if (channels === undefined || head[8] !== 8 || head[12] !== 0) throw new Error('not an uninterlaced PNG with 8 bits a channel');
  const data = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((each) => each.data)));
  const stride = width * channels;
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let row = 0; row < height; row += 1) {
    const start = row * (stride + 1);
    const line = Buffer.from(data.subarray(start + 1, start + 1 + stride));
    unfilter(data[start] ?? 0, line, above, channels);
    for (let column = 0; column < width; column += 1) pixels[row * width + column] = line.readUIntBE(column * channels, 3);
    above = line;
  }
  return { width, height, pixels };
}

/** Undoes a row's filter in place. https://www.w3.org/TR/png-3/#9Filters */
function unfilter(filter: number, line: Buffer, above: Buffer, channels: number): void {
  for (let index = 0; index < line.length; index += 1) {
    const left = index < channels ? 0 : (line[index - channels] ?? 0);
    const up = above[index] ?? 0;
    const upLeft = index < channels ? 0 : (above[index - channels] ?? 0);
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][filter] ?? 0;
    line[index] = ((line[index] ?? 0) + predicted) & 0xff;
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const [toLeft, toUp, toUpLeft] = [Math.abs(up - upLeft), Math.abs(left - upLeft), Math.abs(left + up - 2 * upLeft)];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

function choosePalette(counts: ReadonlyMap<number, number>): readonly number[] {
  const palette: number[] = [];
  for (const [colour] of [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    if (palette.length === MOST_COLOURS) break;
    if (palette.every((each) => distance(each, colour) >= NEAR)) palette.push(colour);
  }
  return palette;
}

function nearest(palette: readonly number[], colour: number): number {
  let best = 0;
  let least = Infinity;
  for (const [index, each] of palette.entries()) {
    const away = distance(each, colour);
    if (away < least) [best, least] = [index, away];
  }
  return best;
}

function distance(one: number, other: number): number {
  return ((one >> 16) - (other >> 16)) ** 2 + (((one >> 8) & 0xff) - ((other >> 8) & 0xff)) ** 2 + ((one & 0xff) - (other & 0xff)) ** 2;
}

function readChunks(png: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks = [];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) });
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
