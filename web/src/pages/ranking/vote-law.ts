// SPDX-License-Identifier: Apache-2.0
//
// What a ballot of a ranking comes to by its scheme, beside what the law of
// the day says of the award.
import type { Day } from '../../api/types';
import type { CountedBallot } from '../../parts/ballot-table';
import { useAnswer } from '../../parts/use-answer';
import { formatNumber } from '../../words/format';
import { say } from '../../words/words';
import type { Ranking, Scheme } from './types';

export interface BallotRule {
	award: string;
	threshold_percent: number;
	source?: string;
}

/** The rules for ballots on that day; none until they have come. */
export function useBallotLaw(day: Day): BallotRule[] {
	return useAnswer<{ rows: BallotRule[] }>(`/rules/ballots?date=${day}`).value?.rows ?? [];
}

/** "90", "66,67". */
const percentText = (hundredths: number) =>
	hundredths % 100 === 0 ? formatNumber(hundredths / 100) : formatNumber(hundredths, 100);

/** By the scheme, in hundredths of a percent. */
function thresholdOf(scheme: Scheme | undefined, award: string): number | undefined {
	const all = scheme?.thresholds ?? [];

	return (all.find((row) => row.award === award) ?? all.find((row) => row.award === '*'))?.percent_hundredths;
}

/** The number of a decree and its article; '' where the source names none. "[V:P8]" is where that was read. */
function articleOf(source = ''): string {
	const bare = source.replace(/\s*\[[^\]]*\]/g, '');

	return /^\d+\/\d{4}/.test(bare) ? bare : '';
}

/** The majority in words, and by what: the scheme's, and the law's with its article. */
function lawInWords(scheme: Scheme | undefined, award: string, law: BallotRule[]): string {
	const needed = thresholdOf(scheme, award);
	const rule = law.find((row) => row.award === award);
	const article = articleOf(rule?.source);
	const of = say(scheme?.base === 'present_members' ? 'vote.base.present' : 'vote.base.all');

	return [
		needed !== undefined && say('vote.threshold', { percent: percentText(needed), of }),
		rule && article
			? say(rule.threshold_percent * 100 === needed ? 'vote.law' : 'vote.law.other', {
					percent: formatNumber(rule.threshold_percent),
					source: article,
				})
			: law.length > 0 && say('vote.law.none'),
	]
		.filter(Boolean)
		.join(' ');
}

/** The ballots that a ranking was asked with, with what each came to. */
export function ballotsOf(ranking: Ranking, scheme: Scheme | undefined, law: BallotRule[]): CountedBallot[] {
	return (ranking.ballots ?? []).map((ballot) => {
		const result = ranking.results.find(({ unit }) => unit === ballot.unit);
		const valueOf = (name: string) => result?.values.find((value) => value.name === `${ballot.award}:${name}`)?.value;
		const [agreed, required] = [valueOf('agreed'), valueOf('required')];
		const threshold = thresholdOf(scheme, ballot.award);

		return {
			...ballot,
			yes: ballot.yes ?? 0,
			no: ballot.no ?? 0,
			members: ballot.members ?? 0,
			present: ballot.present ?? 0,
			whom: result?.name ?? ballot.unit,
			base: scheme?.base === 'present_members' ? 'present' : 'all_members',
			law: lawInWords(scheme, ballot.award, law),
			...(threshold !== undefined && { percent: threshold / 100 }),
			...(agreed !== undefined &&
				required !== undefined && { in_favour: agreed / 100, needed: required / 100, carried: agreed >= required }),
		};
	});
}
