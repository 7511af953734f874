// Moments as files state them: RFC 3339, with a zone.

const SHAPE =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d(?:\.\d+)?)(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/**
 * Returns the milliseconds since 1970, or NaN where the text is no moment that there is.
 * @param {string} text
 */
export function timeOf(text) {
  const [, ...parts] = SHAPE.exec(text) ?? [];
  if (!parts.length) return NaN;
  const [year, month, day, hour, minute, second] = parts.slice(0, 6).map(Number);
  const [zoneHours, zoneMinutes] = parts.slice(7).map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC takes the years 0 to 99 for others
  const isDate = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 60;
  if (!isDate || !isTime || zoneHours > 23 || zoneMinutes > 59) return NaN;
  const zone = (zoneHours * 60 + zoneMinutes) * (parts[6] === "-" ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute - zone) * 60 + second) * 1000;
}

/**
 * Returns the present moment as files state it, but one after `earlier`: a clock may have gone
 * wrong, and what is said last holds.
 * @param {string} [earlier]
 */
export function now(earlier = "") {
  const after = timeOf(earlier) + 1 || 0;
  return new Date(Math.min(Math.max(Date.now(), after), 8.64e15)).toISOString();
}
