import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { readPixels, toPalettePng } from './palette-png.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, data: readonly number[] | Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG two pixels wide, whose rows are given with their filter byte first. */
function png(rows: readonly (readonly number[])[], colourType = 2): Buffer {
  const head = [0, 0, 0, 2, 0, 0, 0, rows.length, 8, colourType, 0, 0, 0];
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', []),
  ]);
}

/** The pixels of a PNG with a palette and unfiltered rows. */
function readPalettePixels(file: Buffer): number[] {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const data = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    expect(file.readUInt32BE(at + 8 + data.length)).toBe(crc32(file.subarray(at + 4, at + 8 + data.length)));
    parts.set(file.toString('latin1', at + 4, at + 8), data);
  }
  const [width, palette, rows] = [
    parts.get('IHDR')?.readUInt32BE(0) ?? 0,
    parts.get('PLTE'),
    inflateSync(parts.get('IDAT') ?? Buffer.alloc(0)),
  ];
  return [...rows].flatMap((index, at) => (at % (width + 1) === 0 ? [] : [palette?.readUIntBE(index * 3, 3) ?? -1]));
}

describe('readPixels', () => {
  it.each([
    ['none', [0, 10, 20, 30, 40, 50, 60], [0x0a141e, 0x28323c]],
    ['sub: from the left', [1, 10, 20, 30, 1, 2, 3], [0x0a141e, 0x0b1621]],
    ['up: from above', [2, 1, 2, 3, 4, 5, 6], [0x656667, 0x68696a]],
    ['average of both, rounded down', [3, 1, 1, 1, 0, 0, 0], [0x333333, 0x4b4b4b]],
    ['paeth: the nearest of left, above and above left', [4, 5, 5, 5, 1, 1, 1], [0x696969, 0x6a6a6a]],
  ])('undoes the filter %s', (_name, row, pixels) => {
    const file = png([[0, 100, 100, 100, 100, 100, 100], row]);
    expect([...readPixels(file).pixels].slice(2)).toEqual(pixels);
  });

  it('drops transparency, and refuses what it cannot read', () => {
    expect([...readPixels(png([[0, 1, 2, 3, 255, 4, 5, 6, 0]], 6)).pixels]).toEqual([0x010203, 0x040506]);
    expect(() => readPixels(png([[0, 1, 2]], 3))).toThrow('not an uninterlaced PNG');
  });
});

describe('toPalettePng', () => {
  it('keeps every pixel where there are colours enough', () => {
    const file = png([
      [0, 255, 255, 255, 11, 92, 171],
      [0, 22, 32, 46, 255, 255, 255],
    ]);
    expect(readPalettePixels(toPalettePng(file))).toEqual([0xffffff, 0x0b5cab, 0x16202e, 0xffffff]);
  });

  it('takes the nearest colour where there are too many, the frequent ones first', () => {
    const rows = Array.from({ length: 400 }, (_row, index) => [
      0,
      255,
      255,
      255,
      (index * 37) % 256,
      (index * 91) % 256,
      (index * 13) % 256,
    ]);
    const pixels = readPalettePixels(toPalettePng(png(rows)));
    expect(new Set(pixels).size).toBeLessThanOrEqual(256);
    expect(pixels.filter((_pixel, index) => index % 2 === 0).every((pixel) => pixel === 0xffffff)).toBe(true);
  });
});
