// SPDX-License-Identifier: Apache-2.0
//
// Days, times, sizes and order as Vietnamese offices write them.
import type { Day, Micros, Span } from '../api/types';
import { type Language, language, say } from './words';

const ZONE = 'Asia/Ho_Chi_Minh';
const collator = new Intl.Collator('vi');

/** "01/07/2025" of "2025-07-01". */
export function formatDay(day: Day): string {
	return day.split('-').reverse().join('/');
}

/** "2025-07-01" of "1/7/2025"; null where that is no day. */
export function parseDay(text: string): Day | null {
	const parts = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text);

	if (parts === null) {
		return null;
	}
	const [day, month, year] = parts.slice(1).map(Number) as [number, number, number];
	const date = new Date(Date.UTC(year, month - 1, day));
	return date.getUTCDate() === day && date.getUTCMonth() === month - 1
		? date.toISOString().slice(0, 10)
		: null;
}

/** A day, or the span in which it lies. */
export function formatDays(days: Day | Span): string {
	if (typeof days === 'string') {
		return formatDay(days);
	}
	const from = days.from && formatDay(days.from);
	const to = days.to && formatDay(days.to);

	if (from && to) {
		return `${from} – ${to}`;
	}
	return from ? say('days.from', { day: from }) : to ? say('days.to', { day: to }) : '';
}

/** "08:30, 01/07/2025", in Vietnam's time. */
export function formatTime(at: Micros): string {
	const date = new Date(at / 1000);
	const clock = date.toLocaleTimeString('vi-VN', {
		timeZone: ZONE,
		hour: '2-digit',
		minute: '2-digit',
	});
	const day = date.toLocaleDateString('vi-VN', {
		timeZone: ZONE,
		day: '2-digit',
		month: '2-digit',
		year: 'numeric',
	});
	return `${clock}, ${day}`;
}

/** How long something took or is ago: "3 ngày", "40 giây". */
export function formatLength(micros: number): string {
	const seconds = Math.max(0, micros) / 1e6;
	const [word, size] =
		seconds >= 2 * 86400
			? (['length.days', 86400] as const)
			: seconds >= 2 * 3600
				? (['length.hours', 3600] as const)
				: seconds >= 120
					? (['length.minutes', 60] as const)
					: (['length.seconds', 1] as const);

	return say(word, { number: formatNumber(Math.round(seconds / size)) });
}

/** "3 ngày trước". */
export function formatAgo(at: Micros): string {
	return say('length.ago', { length: formatLength(Date.now() * 1000 - at) });
}

/** "3 ngày": how many days ago that was, in Vietnam. */
export function formatAge(at: Micros): string {
	const day = new Date(at / 1000).toLocaleDateString('sv-SE', { timeZone: ZONE });
	const count = Math.round((Date.parse(today()) - Date.parse(day)) / 86_400_000);

	return count <= 0 ? say('age.today') : say('age.days', { count });
}

/** The day before. */
export function dayBefore(day: Day): Day {
	return new Date(Date.parse(`${day}T00:00:00Z`) - 86400000).toISOString().slice(0, 10);
}

/** Today in Vietnam. */
export function today(): Day {
	return new Date().toLocaleDateString('sv-SE', { timeZone: ZONE });
}

function numberIn(spoken: Language, value: number, scale: number): string {
	const digits = Math.round(Math.log10(scale));

	return new Intl.NumberFormat(spoken === 'vi' ? 'vi-VN' : 'en-GB', {
		minimumFractionDigits: digits,
		maximumFractionDigits: digits,
	}).format(value / scale);
}

/** "1.415"; of hundredths, where `scale` is 100: "62,08". */
export function formatNumber(value: number, scale = 1): string {
	return numberIn(language.value, value, scale);
}

/** The same as official paper has it: "05", "1.415", "62,08". */
export function formatOnPaper(value: number, scale = 1): string {
	return scale === 1 && value > 0 && value < 10 ? `0${value}` : numberIn('vi', value, scale);
}

export function formatSize(bytes: number): string {
	const units = ['size.b', 'size.kb', 'size.mb', 'size.gb'] as const;
	let at = 0;

	while (bytes >= 1024 && at < units.length - 1) {
		bytes /= 1024;
		at++;
	}
	const number = new Intl.NumberFormat(language.value === 'vi' ? 'vi-VN' : 'en-GB', {
		maximumFractionDigits: 1,
	}).format(bytes);
	return say(units[at]!, { number });
}

/** Names in the order of the Vietnamese alphabet. */
export function byName(a: { name: string }, b: { name: string }): number {
	return collator.compare(a.name, b.name);
}
