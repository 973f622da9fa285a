/** Numbers, percentages, dates and durations as a reader of `language` writes them; times are always Korean time. */
import type { Language } from './catalogue';

export const TIME_ZONE = 'Asia/Seoul';

export interface Format {
  number: (value: number) => string;
  /** `part` of `whole` in per cent with `digits` decimals; an en dash when there is no whole. */
  percent: (part: number, whole: number, digits?: number) => string;
  /** 2026년 11월 22일 (일) · Sun, 22 November 2026 */
  date: (when: Date | string) => string;
  /** With hours and minutes. */
  dateTime: (when: Date | string) => string;
  /** 11. 22. 06:00 · 22 Nov, 06:00 */
  dayTime: (when: Date | string) => string;
  /** Hours and minutes. */
  time: (when: Date | string) => string;
  /** Hours, minutes and seconds. */
  clock: (when: Date | string) => string;
  /** 3분 20초 · 3 min 20 sec */
  duration: (seconds: number) => string;
  /** 1.2 MB */
  bytes: (size: number) => string;
  /** A, B와 C · A, B and C */
  list: (items: readonly string[]) => string;
}

const asDate = (when: Date | string): Date => (typeof when === 'string' ? new Date(when) : when);

/** Formatters of one language. */
export function formatFor(language: Language): Format {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
  const zone = { timeZone: TIME_ZONE, hourCycle: 'h23' } as const;
  const numbers = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { timeZone: TIME_ZONE, year: 'numeric', month: 'long', day: 'numeric' });
  const weekdays = new Intl.DateTimeFormat(locale, { timeZone: TIME_ZONE, weekday: 'short' });
  // Put together here, because browsers' versions differ in how they join the weekday.
  const date = (when: Date): string =>
    language === 'ko' ? `${days.format(when)} (${weekdays.format(when)})` : `${weekdays.format(when)}, ${days.format(when)}`;
  const shortDays = new Intl.DateTimeFormat(locale, { timeZone: TIME_ZONE, month: language === 'ko' ? 'numeric' : 'short', day: 'numeric' });
  const times = new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit' });
  const clocks = new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const unit = (value: number, name: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  return {
    number: (value) => numbers.format(value),
    percent: (part, whole, digits = 1) =>
      whole > 0
        ? new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(part / whole)
        : '–',
    date: (when) => date(asDate(when)),
    dateTime: (when) => `${date(asDate(when))} ${times.format(asDate(when))}`,
    dayTime: (when) => `${shortDays.format(asDate(when))}${language === 'ko' ? ' ' : ', '}${times.format(asDate(when))}`,
    time: (when) => times.format(asDate(when)),
    clock: (when) => clocks.format(asDate(when)),
    duration: (seconds) => {
      const whole = Math.max(0, Math.round(seconds));
      const parts = [
        { value: Math.floor(whole / 3600), name: 'hour' },
        { value: Math.floor((whole % 3600) / 60), name: 'minute' },
        { value: whole % 60, name: 'second' },
      ];
      const said = parts.filter(({ value }, index) => value > 0 && !(index === 2 && whole >= 3600));
      return said.length === 0 ? unit(0, 'second') : said.map(({ value, name }) => unit(value, name)).join(' ');
    },
    bytes: (size) => {
      if (size < 1000) return unit(size, 'byte');
      if (size < 1_000_000) return unit(size / 1000, 'kilobyte', 1);
      return unit(size / 1_000_000, 'megabyte', 1);
    },
    list: (items) => lists.format(items),
  };
}
