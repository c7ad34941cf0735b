/** What every page is checked for, in the browser: rules of accessibility, contrast, and whether it fits its screen. */

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Every breach of axe's rules for WCAG 2.2 A and AA and of its best practices, as `rule: target`. */
export async function findBreaches(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found =
    await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(AXE_TAGS)}, resultTypes: ['violations'] }).then((result) =>
    result.violations.flatMap((rule) => rule.nodes.map((node) => rule.id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
  return found as readonly string[];
}

/** Runs in the page: the contrast of every text that is seen, by WCAG's formula, over all grounds that lie behind it. */
const FAINT_TEXTS = `(least) => {
  const channels = (color) => {
    const [red, green, blue, alpha = 1] = color.match(/[\\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };
  const over = (top, ground) => {
    const mix = (name) => top[name] * top.alpha + ground[name] * (1 - top.alpha);
    return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
  };
  const groundOf = (node) => {
    const layers = [];
    for (let at = node; at !== null; at = at.parentElement) {
      layers.push(channels(getComputedStyle(at).backgroundColor));
      if (layers.at(-1).alpha === 1) break;
    }
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? { red: 18, green: 18, blue: 18, alpha: 1 } : { red: 255, green: 255, blue: 255, alpha: 1 };
    return layers.reduceRight((ground, layer) => over(layer, ground), canvas);
  };
  const luminance = (color) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue);
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const faint = [];
  let seen = 0;
  const check = (node, color, words) => {
    const ground = groundOf(node);
    const ratio = contrast(over(channels(color), ground), ground);
    seen += 1;
    if (ratio < least) faint.push(words.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    const box = node.getBoundingClientRect();
    const isSeen = texts.currentNode.data.trim() !== '' && box.width > 1 && node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (isSeen && node.tagName !== 'OPTION') check(node, getComputedStyle(node).color, texts.currentNode.data);
  }
  for (const input of document.querySelectorAll('input, select, textarea')) {
    check(input, getComputedStyle(input).color, input.value || input.id);
    if (input.placeholder) check(input, getComputedStyle(input, '::placeholder').color, input.placeholder);
  }
  return { faint, seen };
}`;

/** Texts whose contrast to their ground is less than `least`, with their contrast; how many were looked at, too. */
export async function findFaintTexts(page: Page, least = 4.5): Promise<{ readonly faint: readonly string[]; readonly seen: number }> {
  return (await page.evaluate(`(${FAINT_TEXTS})(${least})`)) as { faint: readonly string[]; seen: number };
}

/** How many pixels of the page lie beside its screen. */
export async function overhang(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
}

/** The levels of the headings in their order, such as `[1, 2, 2]`. */
export async function headingLevels(page: Page): Promise<readonly number[]> {
  return (await page.evaluate(
    '[...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) => Number(heading.tagName.slice(1)))',
  )) as number[];
}
