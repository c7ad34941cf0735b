import { ask } from './asked.ts';

const BLANK = { Name: null, Amount: null, CloseDate: null, StageName: null, Description: null };

describe('a formula', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    // Products bind tighter than powers, and powers are grouped from the left.
    ['2 * 3 ^ 2', '36'],
    ['2 ^ 3 ^ 2', '64'],
    ['-2 ^ 2', '4'],
    ['0.1 + 0.2', '0.3'],
    ['1 / 4', '0.25'],
    ['1 /* one /* not nested */ + 2', '3'],
    ['1 / 0', 'failed: Division by zero'],
    ['"a" & "b" + "c"', 'abc'],
    ['LEN("a\\\\b")', '3'],
    ['LEN("a\\nb")', '4'],
    ['LEN(\'say "so"\')', '8'],
    ['1 < 2 && !(3 <> 3) || FALSE', true],
    ['1 = 1 && "a" == "A"', false],
    ['AND(FALSE, 1 / 0 = 1)', false],
    ['OR(TRUE, 1 / 0 = 1)', true],
    ['IF(1 > 2, "yes", "no")', 'no'],
    ['CASE(3, 1, "one", 3, "three", "many")', 'three'],
    ['CASE(4, 1, "one", 3, "three", "many")', 'many'],
  ])('%s is %s', (source, expected) => {
    expect(ask(source)).toBe(expected);
  });

  it.each([
    ['LEFT("Northwind", 5)', 'North'],
    ['RIGHT("Northwind", 4)', 'wind'],
    ['RIGHT("Northwind", 0)', null],
    ['MID("Northwind", 2, 3)', 'ort'],
    ['MID("Northwind", 0, 3)', 'Nor'],
    ['TRIM("  a b ")', 'a b'],
    ['UPPER("straße") & LOWER("ABC")', 'STRASSEabc'],
    ['CONTAINS("Northwind", "WIND")', false],
    ['CONTAINS("Northwind", "wind")', true],
    ['BEGINS("Northwind", "North")', true],
    ['FIND("o", "Nortwood", 3)', '6'],
    ['FIND("", "a")', '0'],
    ['SUBSTITUTE("a.b.c", ".", "-")', 'a-b-c'],
    ['SUBSTITUTE("abc", "", "-")', 'abc'],
    ['REGEX("94105-1234", "\\\\d{5}(-\\\\d{4})?")', true],
    ['REGEX("94105-12", "\\\\d{5}(-\\\\d{4})?")', false],
    ['REGEX("k1a 0b1", "((?i)[A-Z]\\\\d[A-Z] ?\\\\d[A-Z]\\\\d)?")', true],
    ['REGEX("a", "(")', 'failed: Invalid regular expression'],
    ['LPAD("7", 3, "0") & RPAD("a", 2)', '007a '],
    ['VALUE("12.50") + 1', '13.5'],
    ['VALUE("x")', 'failed: Invalid number: x'],
    ['TEXT(1 / 2)', '.5'],
    ['TEXT(0.5)', '0.5'],
    ['TEXT(1000000 * 1000000)', '1000000000000'],
    ['TEXT(DATE(2026, 3, 2))', '2026-03-02'],
    ['TEXT(NOW())', '2026-03-02 09:30:15Z'],
    ['CASESAFEID("001010000000001")', '001010000000001AAA'],
  ])('of texts: %s is %s', (source, expected) => {
    expect(ask(source)).toBe(expected);
  });

  it.each([
    ['ABS(-2.5)', '2.5'],
    ['ROUND(1.005, 2)', '1.01'],
    ['ROUND(-1.5, 0)', '-2'],
    ['ROUND(1234.5, -2)', '1200'],
    ['FLOOR(-1.4)', '-1'],
    ['CEILING(-1.4)', '-2'],
    ['MFLOOR(-1.4)', '-2'],
    ['MCEILING(-1.4)', '-1'],
    ['MOD(7, 3)', '1'],
    ['MOD(7, 0)', '7'],
    ['MIN(3, 1, 2) + MAX(3, 1, 2)', '4'],
    ['SQRT(-1)', 'failed: Invalid argument'],
    ['2 ^ 0.5', 'failed: Invalid argument'],
  ])('of numbers: %s is %s', (source, expected) => {
    expect(ask(source)).toBe(expected);
  });

  it.each([
    ['TODAY()', '2026-03-02'],
    ['TODAY() + 1.9', '2026-03-03'],
    ['NOW() - 0.5', '2026-03-01T21:30:15.000Z'],
    ['DATE(2026, 3, 31) - DATE(2026, 3, 1)', '30'],
    ['DATE(2026, 2, 30)', 'failed: Invalid date'],
    ['DATEVALUE("2026-02-28") + 1', '2026-03-01'],
    ['DATEVALUE(NOW())', '2026-03-02'],
    ['DATEVALUE("28.02.2026")', 'failed: Invalid date: 28.02.2026'],
    ['DATETIMEVALUE("2026-02-28 10:00:00")', '2026-02-28T10:00:00.000Z'],
    ['YEAR(TODAY()) * 10000 + MONTH(TODAY()) * 100 + DAY(TODAY())', '20260302'],
    ['WEEKDAY(DATE(2026, 3, 1))', '1'],
    ['ADDMONTHS(DATE(2026, 1, 31), 1)', '2026-02-28'],
    ['ADDMONTHS(DATE(2026, 1, 30), 1)', '2026-02-28'],
    ['ADDMONTHS(DATE(2026, 2, 28), 1)', '2026-03-31'],
    ['DATE(2026, 3, 1) > DATE(2026, 2, 28)', true],
  ])('of dates: %s is %s', (source, expected) => {
    expect(ask(source)).toBe(expected);
  });

  it.each([
    // A blank number is not zero in a rule: it compares to nothing.
    ['Amount < 5', false],
    ['Amount = 0', false],
    ['Amount <> 0', false],
    ['Amount = NULL', true],
    ['Amount + 5', null],
    ['ISBLANK(Amount)', true],
    ['ISNULL(CloseDate)', true],
    ['BLANKVALUE(Amount, 7)', '7'],
    ['NULLVALUE(Amount, 7)', '7'],
    // A blank text is the empty one.
    ['Name = ""', true],
    ['Name <> "a"', true],
    ['ISBLANK(Name)', true],
    ['ISNULL(Name)', false],
    ['NULLVALUE(Name, "a")', null],
    ['BLANKVALUE(Name, "a")', 'a'],
    ['LEN(Name)', '0'],
    ['Name & "x"', 'x'],
    ['CONTAINS("abc", Name)', true],
    ['CONTAINS(Name, "a")', false],
    ['BEGINS("abc", Name)', true],
    ['NOT(BEGINS(Name, "a"))', null],
    ['REGEX(Name, "(abc)?")', true],
    ['ISPICKVAL(StageName, "")', true],
    ['VALUE(Name)', null],
    ['ISBLANK("" & "")', true],
    ['IF(Amount > 1, "big", "small")', 'small'],
  ])('of blanks: %s is %s', (source, expected) => {
    expect(ask(source, { row: BLANK })).toBe(expected);
  });
});
