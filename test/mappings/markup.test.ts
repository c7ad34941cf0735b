import { z } from 'zod';
import { markup } from '../../mappings/markup.ts';

const written = (value: string | null, length = 100) => z.encode(markup(length).codec, value);

describe('markup', () => {
  it.each([
    ['two lines', 'One\nTwo', 'One<br>Two'],
    ['an empty line', 'One\r\n\r\nTwo', 'One<br><br>Two'],
    ['what looks like an element', '<b>Acme</b>', '&lt;b&gt;Acme&lt;/b&gt;'],
    ['what looks like an escape', 'A &lt; B', 'A &amp;lt; B'],
    ['what is markup of ours', 'a<br>b', 'a&lt;br&gt;b'],
  ])('writes %s as it stands', (_what, text, html) => {
    expect(written(text)).toBe(html);
  });

  it('cuts the text, and never an escape', () => {
    expect(written('&&&&', 3)).toBe('&amp;&amp;…');
  });

  it('knows an empty field', () => {
    expect([written(null), written('  ')]).toEqual([null, null]);
  });
});
